using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.HybridNodes;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Survey;
using Tag = SsmTools.Engine.Aws.Iam.Tag;

namespace SsmTools.Engine.HostManagement;

/// <summary>
/// Default Host Management: the setting by which Systems Manager gives a role to all instances of a region that have no
/// profile that lets them register.
/// </summary>
/// <remarks>Source: the Systems Manager user guide, "Managing EC2 instances automatically with Default Host Management Configuration".</remarks>
public sealed class DefaultHostManagement
{
    private const string DefaultRole = "AWSSystemsManagerDefaultEC2InstanceManagementRole";
    private const string RolePath = "/service-role/";
    private const string Policy = ManagedPolicies.HostManagementName;
    private const string Task = "DefaultHostManagement";
    private const string Off = "$None";
    private const string Setting = SettingSurvey.HostManagementRole;

    /// <summary>On a role of others: the regions in which it was set here.</summary>
    private const string SetKey = SsmToolsTag.Key + ":HostManagement";

    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly IamReader _reader;
    private readonly IamWriter _writer;

    /// <summary>Creates it.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public DefaultHostManagement(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _reader = new IamReader(context);
        _writer = new IamWriter(context, _timeProvider);
    }

    /// <summary>How it stands; null where the caller may not know.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<HostManagementState?> ReadAsync(CancellationToken cancellationToken)
    {
        GetServiceSettingResponse? response = await ServiceCall.TryAsync(
            token => _context.Ssm.GetServiceSettingAsync(new GetServiceSettingRequest { SettingId = Setting }, token),
            Setting,
            [.. ServiceCodes.Denied, "ServiceSettingNotFound"],
            cancellationToken).ConfigureAwait(false);
        if (response is null)
        {
            return null;
        }

        string? role = RoleOf(response.ServiceSetting?.SettingValue);
        return new HostManagementState
        {
            Name = "Default",
            Task = Task,
            Document = role,
            Targets = ["all"],
            Status = role is null ? "Off" : "On",
            LastRun = response.ServiceSetting?.LastModifiedDate,
            MadeBy = await MakerOfAsync(role, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Compares role and setting with what is wanted.</summary>
    /// <param name="roleName">The role that instances get; null for AWS's usual one, or whatever is set already.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">NodeRoleTrustMismatch; RoleNameInvalid; or what the service refused.</exception>
    public async Task<Plan<IReadOnlyList<HostManagementState>>> PlanAsync(string? roleName, CancellationToken cancellationToken)
    {
        if (roleName is not null)
        {
            RoleRules.CheckRoleName(roleName);
        }

        string? actual = await ReadSettingAsync(cancellationToken).ConfigureAwait(false);
        string name = roleName ?? actual ?? DefaultRole;
        List<PlannedChange> changes = [];
        List<string> warnings = [];
        string path = await PlanRoleAsync(name, actual, changes, cancellationToken).ConfigureAwait(false);
        if (actual != name)
        {
            string words = actual is null
                ? $"Switch Default Host Management on, with role {name}"
                : $"Change the role of Default Host Management from {actual} to {name}";
            changes.Add(new PlannedChange(_context.Region, words, token => SetAsync(path.TrimStart('/') + name, token)));
            warnings.Add(
                $"From then on every instance in {_context.Region} without a profile that lets it register is managed, within half an"
                + " hour, where it requires IMDSv2 and its agent is 3.2.582.0 or newer.");
        }

        return new Plan<IReadOnlyList<HostManagementState>>(changes, ResultAsync) { Warnings = warnings };
    }

    /// <summary>Works out how to switch it off, and to take its role away where it was made here.</summary>
    /// <param name="force">Switches it off although SsmTools did not switch it on.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">HostManagementNotManaged; or what the service refused.</exception>
    public async Task<Plan<IReadOnlyList<HostManagementState>>> PlanRemovalAsync(bool force, CancellationToken cancellationToken)
    {
        string? name = await ReadSettingAsync(cancellationToken).ConfigureAwait(false);
        Role? role = await _reader.FindRoleAsync(name ?? DefaultRole, cancellationToken).ConfigureAwait(false);
        List<PlannedChange> changes = [];
        List<string> warnings = [];
        if (name is null)
        {
            // A run that was killed may have left the role.
            warnings.Add($"Default Host Management is off in {_context.Region}: nothing to remove.");
        }
        else
        {
            if (!force && !(role is not null && IsOurs(role)))
            {
                throw HostErrors.NotManaged($"Default Host Management with role {name}", name);
            }

            changes.Add(new PlannedChange(_context.Region, "Switch Default Host Management off", ResetAsync));
            warnings.Add($"Instances that have no profile of their own are not managed any more once it is off in {_context.Region}.");
        }

        if (role is not null)
        {
            await PlanRoleRemovalAsync(name ?? DefaultRole, role, changes, warnings, cancellationToken).ConfigureAwait(false);
        }

        return new Plan<IReadOnlyList<HostManagementState>>(changes, ResultAsync) { Warnings = warnings };
    }

    /// <summary>Made here, or set here in this region.</summary>
    private bool IsOurs(Role role) => IsMade(role) || SetIn(role).Contains(_context.Region);

    private static bool IsMade(Role role) => IamReader.TagOf(role.Tags, HybridRole.RegionKey) is not null;

    private static List<string> SetIn(Role role) =>
        [.. (IamReader.TagOf(role.Tags, SetKey) ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The setting itself does not say who set it: its role does, to those who may look at it.</summary>
    private async Task<string> MakerOfAsync(string? roleName, CancellationToken cancellationToken)
    {
        try
        {
            return roleName is not null
                && await _reader.FindRoleAsync(roleName, cancellationToken).ConfigureAwait(false) is { } role && IsOurs(role) ? "SsmTools" : "Other";
        }
        catch (EngineException e) when (e.Kind == ErrorKind.PermissionDenied)
        {
            return "Unknown";
        }
    }

    private async Task PlanRoleRemovalAsync(
        string name, Role role, List<PlannedChange> changes, List<string> warnings, CancellationToken cancellationToken)
    {
        List<string> regions = SetIn(role);
        if (regions.Remove(_context.Region))
        {
            changes.Add(regions.Count == 0
                ? Change(name, $"Take off tag {SetKey}", token => _writer.UntagRoleAsync(name, SetKey, token))
                : Note(name, regions, $"Note in a tag that it no longer serves {_context.Region}"));
        }

        if (regions.Count > 0)
        {
            return;
        }

        List<PlannedChange> away = [];
        await new HybridRole(_context, _timeProvider).PlanRemovalAsync(name, away, warnings, cancellationToken).ConfigureAwait(false);
        if (away.Count > 0 && await FindOtherUseAsync(name, role, cancellationToken).ConfigureAwait(false) is { } use)
        {
            warnings.Add($"Role {name} is kept: {use}.");
            return;
        }

        // Of a role of others the setting says which one it is: what was added to it goes while the setting is there.
        changes.InsertRange(IsMade(role) ? changes.Count : 0, away);
    }

    /// <summary>What else needs the role, or hides whether it does; null where nothing does.</summary>
    private async Task<string?> FindOtherUseAsync(string name, Role role, CancellationToken cancellationToken)
    {
        try
        {
            List<string> names = [name, ((role.Path ?? "/") + name).TrimStart('/')];
            return await HybridRole.HasNodesAsync(_context, names, [], [], cancellationToken).ConfigureAwait(false)
                ? $"hybrid nodes in {_context.Region} have it too"
                : null;
        }
        catch (EngineException e) when (e.Kind == ErrorKind.PermissionDenied)
        {
            return $"whether hybrid nodes have it could not be seen. {e.Message.TrimEnd('.')}";
        }
    }

    private PlannedChange Note(string name, List<string> regions, string action) =>
        Change(name, action, token => _writer.TagRoleAsync(name, [new(SetKey, string.Join(' ', regions))], token));

    private static PlannedChange Change(string name, string action, Func<CancellationToken, Task> apply) => new($"role {name}", action, apply);

    private static string? RoleOf(string? setting) => setting is null or "" or Off ? null : setting.Split('/')[^1];

    private async Task<string?> ReadSettingAsync(CancellationToken cancellationToken) => RoleOf((await ServiceCall.RunAsync(
        token => _context.Ssm.GetServiceSettingAsync(new GetServiceSettingRequest { SettingId = Setting }, token),
        Setting,
        cancellationToken).ConfigureAwait(false)).ServiceSetting?.SettingValue);

    private async Task<IReadOnlyList<HostManagementState>> ResultAsync(CancellationToken cancellationToken) =>
        await ReadAsync(cancellationToken).ConfigureAwait(false) is { } state ? [state] : [];

    private async Task<string> PlanRoleAsync(
        string name, string? actual, List<PlannedChange> changes, CancellationToken cancellationToken)
    {
        PlannedChange attach = Change(
            name,
            $"Attach policy {Policy}",
            token => _writer.AttachAsync(name, ManagedPolicies.Arn(_context.Partition, Policy), token));
        if (await _reader.FindRoleAsync(name, cancellationToken).ConfigureAwait(false) is not { } role)
        {
            changes.Add(Change(
                name, $"Create the role, trusted by {TrustPolicy.SystemsManager}", token => CreateRoleAsync(name, token)));
            changes.Add(attach);
            return RolePath;
        }

        if (!TrustPolicy.Trusts(role.AssumeRolePolicyDocument, TrustPolicy.SystemsManager))
        {
            throw HybridErrors.TrustMismatch(
                name, TrustPolicy.Principals(role.AssumeRolePolicyDocument), "Default Host Management");
        }

        bool isMade = IsMade(role);
        List<AttachedPolicy> policies = await _reader.ListPoliciesAsync(name, cancellationToken).ConfigureAwait(false);
        if (!policies.Exists(one => one.PolicyName is Policy or ManagedPolicies.CoreName))
        {
            if (!isMade)
            {
                // The note comes first: a run that is killed between the two still knows what to undo.
                string note = AttachedNote.Of(role.Tags).With([Policy]).Text;
                changes.Add(Change(
                    name,
                    $"Note in a tag that {Policy} was not there before",
                    token => _writer.TagRoleAsync(name, [new(SsmToolsTag.AttachedPolicyKey, note)], token)));
            }

            changes.Add(attach);
        }

        if (isMade && HybridRole.Regions(role) is { } regions && !regions.Contains(_context.Region))
        {
            string all = string.Join(' ', [.. regions, _context.Region]);
            changes.Add(Change(
                name,
                $"Note in a tag that it serves {_context.Region} too",
                token => _writer.TagRoleAsync(name, [new(HybridRole.RegionKey, all)], token)));
        }
        else if (!isMade && actual != name && !SetIn(role).Contains(_context.Region))
        {
            changes.Add(Note(name, [.. SetIn(role), _context.Region], $"Note in a tag that it was set in {_context.Region} by this module"));
        }

        return role.Path ?? "/";
    }

    private async Task CreateRoleAsync(string name, CancellationToken cancellationToken)
    {
        CreateRoleRequest create = new()
        {
            RoleName = name,
            Path = RolePath,
            AssumeRolePolicyDocument =
                $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"{{TrustPolicy.SystemsManager}}"},"Action":"sts:AssumeRole"}]}""",
            Description = "Lets AWS Systems Manager manage EC2 instances by default.",
            Tags =
            [
                new Tag { Key = SsmToolsTag.Key, Value = name },
                new Tag { Key = HybridRole.RegionKey, Value = _context.Region },
            ],
        };
        await ServiceCall.TryAsync(
            token => _context.Iam.CreateRoleAsync(create, token), name, ServiceCodes.EntityAlreadyExists, cancellationToken)
            .ConfigureAwait(false);
    }

    private Task<UpdateServiceSettingResponse> SetAsync(string value, CancellationToken cancellationToken) => ChangeSettingAsync(
        token => _context.Ssm.UpdateServiceSettingAsync(
            new UpdateServiceSettingRequest { SettingId = Setting, SettingValue = value }, token),
        cancellationToken);

    private Task<ResetServiceSettingResponse> ResetAsync(CancellationToken cancellationToken) => ChangeSettingAsync(
        token => _context.Ssm.ResetServiceSettingAsync(new ResetServiceSettingRequest { SettingId = Setting }, token), cancellationToken);

    private static Task<T> ChangeSettingAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        ServiceCall.RunAsync(call, Setting, cancellationToken);
}
