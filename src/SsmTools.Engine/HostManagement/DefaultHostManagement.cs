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
    private const string Policy = "AmazonSSMManagedEC2InstanceDefaultPolicy";
    private const string Task = "DefaultHostManagement";
    private const string Off = "$None";
    private const string Setting = SettingSurvey.HostManagementRole;

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
        bool isOurs = role is not null
            && await _reader.FindRoleAsync(role, cancellationToken).ConfigureAwait(false) is { } found && IsOurs(found);
        return new HostManagementState
        {
            Name = "Default",
            Task = Task,
            Document = role,
            Targets = ["all"],
            Status = role is null ? "Off" : "On",
            LastRun = response.ServiceSetting?.LastModifiedDate,
            MadeBy = isOurs ? "SsmTools" : "Other",
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
        string path = await PlanRoleAsync(name, changes, cancellationToken).ConfigureAwait(false);
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
        List<PlannedChange> changes = [];
        List<string> warnings = [];
        if (name is null)
        {
            warnings.Add($"Default Host Management is off in {_context.Region}: nothing to remove.");

            // A run that was killed may have left the role.
            name = DefaultRole;
        }
        else
        {
            if (!force && !(await _reader.FindRoleAsync(name, cancellationToken).ConfigureAwait(false) is { } role && IsOurs(role)))
            {
                throw HostErrors.NotManaged($"Default Host Management with role {name}", name);
            }

            changes.Add(new PlannedChange(_context.Region, "Switch Default Host Management off", ResetAsync));
            warnings.Add($"Instances that have no profile of their own are not managed any more once it is off in {_context.Region}.");
        }

        await new HybridRole(_context, _timeProvider).PlanRemovalAsync(name, changes, warnings, cancellationToken).ConfigureAwait(false);
        return new Plan<IReadOnlyList<HostManagementState>>(changes, ResultAsync) { Warnings = warnings };
    }

    private static bool IsOurs(Role role) => IamReader.TagOf(role.Tags, HybridRole.RegionKey) is not null;

    private static string? RoleOf(string? setting) => setting is null or "" or Off ? null : setting.Split('/')[^1];

    private async Task<string?> ReadSettingAsync(CancellationToken cancellationToken) => RoleOf((await ServiceCall.RunAsync(
        token => _context.Ssm.GetServiceSettingAsync(new GetServiceSettingRequest { SettingId = Setting }, token),
        Setting,
        cancellationToken).ConfigureAwait(false)).ServiceSetting?.SettingValue);

    private async Task<IReadOnlyList<HostManagementState>> ResultAsync(CancellationToken cancellationToken) =>
        await ReadAsync(cancellationToken).ConfigureAwait(false) is { } state ? [state] : [];

    private async Task<string> PlanRoleAsync(string name, List<PlannedChange> changes, CancellationToken cancellationToken)
    {
        PlannedChange attach = new(
            $"role {name}",
            $"Attach policy {Policy}",
            token => _writer.AttachAsync(name, ManagedPolicies.Arn(_context.Partition, Policy), token));
        if (await _reader.FindRoleAsync(name, cancellationToken).ConfigureAwait(false) is not { } role)
        {
            changes.Add(new PlannedChange(
                $"role {name}", $"Create the role, trusted by {TrustPolicy.SystemsManager}", token => CreateRoleAsync(name, token)));
            changes.Add(attach);
            return RolePath;
        }

        if (!TrustPolicy.Trusts(role.AssumeRolePolicyDocument, TrustPolicy.SystemsManager))
        {
            throw HybridErrors.TrustMismatch(name, TrustPolicy.Principals(role.AssumeRolePolicyDocument));
        }

        List<AttachedPolicy> policies = await _reader.ListPoliciesAsync(name, cancellationToken).ConfigureAwait(false);
        if (!policies.Exists(one => one.PolicyName is Policy or ManagedPolicies.CoreName))
        {
            changes.Add(attach);
        }

        if (IsOurs(role) && HybridRole.Regions(role) is { } regions && !regions.Contains(_context.Region))
        {
            string all = string.Join(' ', [.. regions, _context.Region]);
            changes.Add(new PlannedChange(
                $"role {name}",
                $"Note in a tag that it serves {_context.Region} too",
                token => _writer.TagRoleAsync(name, [new(HybridRole.RegionKey, all)], token)));
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

    private Task<UpdateServiceSettingResponse> SetAsync(string value, CancellationToken cancellationToken) => Change(
        token => _context.Ssm.UpdateServiceSettingAsync(
            new UpdateServiceSettingRequest { SettingId = Setting, SettingValue = value }, token),
        cancellationToken);

    private Task<ResetServiceSettingResponse> ResetAsync(CancellationToken cancellationToken) => Change(
        token => _context.Ssm.ResetServiceSettingAsync(new ResetServiceSettingRequest { SettingId = Setting }, token), cancellationToken);

    private static Task<T> Change<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        ServiceCall.RunAsync(call, Setting, cancellationToken);
}
