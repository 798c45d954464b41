using System.Globalization;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.HybridNodes;

/// <summary>Lets machines outside EC2 become managed nodes: role, tier, activation, and the script that joins them.</summary>
public sealed class NodeActivator
{
    private const string RequestKey = SsmToolsTag.Key + ":Request";
    private const string NoRole = "Nonexistent role or missing ssm service principal";

    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates it.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public NodeActivator(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>
    /// Compares role and tier with what is wanted; the activation itself is always a new one, since the service tells a
    /// code once and never again.
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// NodeNameInvalid, RegistrationLimitInvalid, ExpiryInvalid, RoleNameInvalid, TagInvalid, ScriptFileExists;
    /// NodeRoleTrustMismatch for a role that Systems Manager may not assume; or what the service refused.
    /// </exception>
    public async Task<Plan<NodeActivation>> PlanAsync(NodeActivationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        NodeRules.Check(request);
        List<PlannedChange> changes = [];
        List<string> warnings = [];
        string roleName = request.RoleName ?? HybridRole.DefaultName(_context.Region);
        string role = await new HybridRole(_context, _timeProvider)
            .PlanAsync(request, roleName, changes, warnings, cancellationToken).ConfigureAwait(false);
        string? tier = await new InstanceTier(_context)
            .PlanAsync(request.Tier, changes, warnings, cancellationToken).ConfigureAwait(false);
        await WarnOfUnusedAsync(request.Name, warnings, cancellationToken).ConfigureAwait(false);
        if (request.Platform == JoinPlatform.MacOS)
        {
            warnings.Add("AWS supports its agent on Macs in EC2 only: what the script does on another one is at your own risk.");
        }

        NodeActivation? made = null;
        string file = request.ScriptPath is null ? string.Empty : $" and write its join script to {request.ScriptPath}";
        changes.Add(new PlannedChange(
            $"activation {request.Name}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Create the activation for {Machines(request.RegistrationLimit)} with role {roleName}, good for {Days(request.Lifetime)}{file}"),
            async token => made = await CreateAsync(request, roleName, role, tier, token).ConfigureAwait(false)));
        return new Plan<NodeActivation>(changes, _ => Task.FromResult(made!)) { Warnings = warnings };
    }

    private static string Machines(int count) =>
        count == 1 ? "1 machine" : string.Create(CultureInfo.InvariantCulture, $"{count} machines");

    private static string Days(TimeSpan time) => time.TotalHours >= 48
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} hours");

    /// <summary>An activation whose code was lost, or is about somewhere, should not be forgotten.</summary>
    private async Task WarnOfUnusedAsync(string name, List<string> warnings, CancellationToken cancellationToken)
    {
        List<Activation>? known = await ServiceCall.TryAsync(
            token => HybridReader.ListActivationsAsync(_context, "DefaultInstanceName", [name], token),
            name,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        string[] unused =
        [
            .. (known ?? []).Where(one => one is { Expired: not true, RegistrationsCount: null or 0 } && HybridReader.IsOurs(one))
                .Select(one => one.ActivationId!),
        ];
        if (unused.Length > 0)
        {
            warnings.Add(
                $"No machine has used {(unused.Length == 1 ? "activation" : "the activations")} {RoleErrors.Some(unused)} of that"
                + $" name yet, and a code cannot be read again. Where it is not needed: Unregister-SsmNode -ActivationId {unused[0]}");
        }
    }

    private async Task<NodeActivation> CreateAsync(
        NodeActivationRequest request, string roleName, string role, string? tier, CancellationToken cancellationToken)
    {
        using FileStream? file = request.ScriptPath is { } path ? JoinScript.OpenFile(path) : null;
        DateTime expires = (_timeProvider.GetUtcNow() + request.Lifetime).UtcDateTime;
        try
        {
            CreateActivationResponse response =
                await SendAsync(request, role, expires, cancellationToken).ConfigureAwait(false);
            NodeActivation made = new()
            {
                Name = request.Name,
                ActivationId = response.ActivationId!,
                ActivationCode = response.ActivationCode!,
                RoleName = roleName,
                RegistrationLimit = request.RegistrationLimit,
                Expires = expires,
                Region = _context.Region,
                Tier = tier,
                Platform = request.Platform,
                Script = JoinScript.Create(request.Platform, _context.Region, response.ActivationId!, response.ActivationCode!),
                ScriptPath = file?.Name,
            };
            if (file is not null)
            {
                await SaveAsync(file, made, cancellationToken).ConfigureAwait(false);
            }

            return made;
        }
        catch when (file is not null)
        {
            file.Dispose();
            File.Delete(file.Name);
            throw;
        }
    }

    /// <summary>A code that could not be kept is lost, so that its activation is taken back.</summary>
    private async Task SaveAsync(FileStream file, NodeActivation made, CancellationToken cancellationToken)
    {
        try
        {
            JoinScript.Save(file, made.Script);
        }
        catch (EngineException)
        {
            await HybridReader.DeleteActivationAsync(_context, made.ActivationId, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>There is no client token for it: where the answer is lost, what may have been made is found by its tag, and deleted.</summary>
    private async Task<CreateActivationResponse> SendAsync(
        NodeActivationRequest request, string role, DateTime expires, CancellationToken cancellationToken)
    {
        string token = Guid.NewGuid().ToString("N");
        CreateActivationRequest create = new()
        {
            Description = $"Made by SsmTools for {request.Name}"[..Math.Min(256, 21 + request.Name.Length)],
            DefaultInstanceName = request.Name,
            IamRole = role,
            RegistrationLimit = request.RegistrationLimit,
            ExpirationDate = expires,
            Tags =
            [
                new Tag { Key = SsmToolsTag.Key, Value = request.Name },
                new Tag { Key = RequestKey, Value = token },
                .. request.Tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value }),
            ],
        };
        Backoff backoff = new(_timeProvider, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await ServiceCall.RunAsync(
                    stop => _context.Ssm.CreateActivationAsync(create, stop), request.Name, cancellationToken).ConfigureAwait(false);
            }
            catch (EngineException e) when (e.InnerException?.Message.Contains(NoRole, StringComparison.Ordinal) == true)
            {
                // A role made a moment ago is not known everywhere yet.
                if (!await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }
            catch (EngineException e) when (e.Kind is ErrorKind.ConnectionError or ErrorKind.OperationTimeout or ErrorKind.ResourceUnavailable)
            {
                await DropAsync(request.Name, token, cancellationToken).ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task DropAsync(string name, string token, CancellationToken cancellationToken)
    {
        try
        {
            foreach (Activation activation in await ServiceCall.RunAsync(
                stop => HybridReader.ListActivationsAsync(_context, "DefaultInstanceName", [name], stop), name, cancellationToken)
                .ConfigureAwait(false))
            {
                if (activation.Tags.Exists(tag => tag.Key == RequestKey && tag.Value == token))
                {
                    await HybridReader.DeleteActivationAsync(_context, activation.ActivationId!, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (EngineException)
        {
            // The first error counts; the next run tells of an activation that nobody has used.
        }
    }
}
