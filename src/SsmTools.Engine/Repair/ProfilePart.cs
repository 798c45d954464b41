using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;
using InstanceProfile = SsmTools.Engine.Aws.Iam.InstanceProfile;

namespace SsmTools.Engine.Repair;

/// <summary>Instances without a profile get one, and profiles without a role get that.</summary>
internal sealed class ProfilePart(AwsContext context, TimeProvider timeProvider, RepairOptions options) : RepairPart
{
    /// <summary>The role, and the profile, that repaired instances share unless the user names another one.</summary>
    public const string SharedName = "SsmTools-ManagedInstance";

    private const int LongestRoleName = 64;

    private readonly IamReader _reader = new(context);
    private readonly ProfileAssociations _associations = new(context, timeProvider);
    private readonly Dictionary<string, string?> _lacking = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _empty = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding)
    {
        switch (finding.Cause)
        {
            case FindingCause.ProfileMissing missing:
                _lacking.TryAdd(missing.InstanceId, null);
                return true;

            // An own role asks for less than the switch to IMDSv2, which breaks programs that are not ready for it.
            case FindingCause.HostManagementNeedsTokens tokens:
                _lacking.TryAdd(tokens.InstanceId, null);
                return true;
            case FindingCause.ProfileGone gone:
                _lacking[gone.InstanceId] = gone.ProfileName;
                return true;
            case FindingCause.ProfileEmpty empty when options.InstanceProfileName is { } wanted
                && !RoleRules.IsSame(wanted, empty.ProfileName):
                _lacking[empty.InstanceId] = empty.ProfileName;
                return true;
            case FindingCause.ProfileEmpty empty:
                _empty.TryAdd(empty.ProfileName, []);
                _empty[empty.ProfileName].Add(empty.InstanceId);
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public override async Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        foreach ((string profile, List<string> nodes) in _empty)
        {
            await draft.AttemptAsync(() => FillAsync(draft, profile, nodes, cancellationToken)).ConfigureAwait(false);
        }

        Dictionary<string, List<string>> byProfile = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string id, string? gone) in _lacking)
        {
            string name = await ChooseAsync(gone, cancellationToken).ConfigureAwait(false);
            byProfile.TryAdd(name, []);
            byProfile[name].Add(id);
        }

        foreach ((string profile, List<string> nodes) in byProfile)
        {
            await draft.AttemptAsync(() => AttachAsync(draft, profile, nodes, cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>A profile that was made again under its old name is what the owner wants; else the user's, or ours.</summary>
    private async Task<string> ChooseAsync(string? gone, CancellationToken cancellationToken)
    {
        if (options.InstanceProfileName is { } wanted)
        {
            return wanted;
        }

        return gone is not null
            && await _reader.FindProfileAsync(gone, cancellationToken).ConfigureAwait(false) is { Roles.Count: > 0 }
                ? gone
                : SharedName;
    }

    private async Task FillAsync(
        RepairDraft draft, string profileName, List<string> nodes, CancellationToken cancellationToken)
    {
        InstanceProfile? profile = await _reader.FindProfileAsync(profileName, cancellationToken).ConfigureAwait(false);
        if (profile is null || profile.Roles.Count > 0)
        {
            return;
        }

        string others = await new Bystanders(context)
            .TellAsync("iam-instance-profile.arn", [profile.Arn!], nodes, cancellationToken).ConfigureAwait(false);
        if (others.Length > 0)
        {
            draft.Warnings.Add($"The role that instance profile {profileName} gets counts for all its instances{others}.");
        }

        await MakeAsync(draft, SharedName, profileName, nodes, cancellationToken).ConfigureAwait(false);
    }

    private async Task AttachAsync(
        RepairDraft draft, string profileName, List<string> nodes, CancellationToken cancellationToken)
    {
        InstanceProfile? profile = await _reader.FindProfileAsync(profileName, cancellationToken).ConfigureAwait(false);

        // A role that is in the profile already is looked at, as any other, once an instance has it.
        if (profile is null || profile.Roles.Count == 0 || RoleRules.IsSame(profileName, SharedName))
        {
            string role = profile?.Roles.FirstOrDefault()?.RoleName
                ?? (profileName.Length > LongestRoleName ? SharedName : profileName);
            await MakeAsync(draft, role, profileName, nodes, cancellationToken).ConfigureAwait(false);
        }

        foreach (string id in nodes)
        {
            draft.Change(
                [id], $"instance {id}", $"Attach instance profile {profileName}", token => SetAsync(id, profileName, token));
        }
    }

    // What the instance has is asked anew: the plan may be a minute old, or a repetition.
    private async Task SetAsync(string id, string profileName, CancellationToken cancellationToken)
    {
        IamInstanceProfileAssociation? association =
            (await _associations.FindAsync([id], cancellationToken).ConfigureAwait(false)).GetValueOrDefault(id);
        InstanceProfile profile = await ServiceCall.RunAsync(
            token => Eventually.RunAsync(
                async inner => (await context.Iam.GetInstanceProfileAsync(
                    new GetInstanceProfileRequest { InstanceProfileName = profileName }, inner).ConfigureAwait(false)).InstanceProfile!,
                ServiceCodes.NoSuchEntity,
                timeProvider,
                token),
            profileName,
            cancellationToken).ConfigureAwait(false);
        if (!ProfileAssociations.IsWith(association?.IamInstanceProfile, profile))
        {
            await _associations.SetAsync(id, profile, association?.AssociationId, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task MakeAsync(
        RepairDraft draft, string role, string profile, List<string> nodes, CancellationToken cancellationToken)
    {
        RoleRequest request = new() { Name = role, InstanceProfileName = profile };
        draft.Take(
            nodes, await new RoleProvisioner(context, timeProvider).PlanAsync(request, cancellationToken).ConfigureAwait(false));
    }
}
