using System.Collections.Concurrent;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Registration;
using IamProfile = SsmTools.Engine.Aws.Iam.InstanceProfile;

namespace SsmTools.Engine.Provisioning;

/// <summary>Gives instances that run already a role, by the instance profile that carries it.</summary>
public sealed class RoleAssigner
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly IamReader _reader;
    private readonly ProfileAssociations _associations;

    /// <summary>Creates the assigner.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public RoleAssigner(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _reader = new IamReader(context);
        _associations = new ProfileAssociations(context, _timeProvider);
    }

    /// <summary>
    /// Compares what the instances have with what they are to have: a change for each that has no profile, or another. A
    /// profile that SsmTools did not make is replaced only where that is forced.
    /// </summary>
    /// <param name="request">Who is to have what.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// RoleNameInvalid, InstanceProfileNameInvalid, RoleNotFound, RoleWithoutProfile, InstanceProfileAmbiguous,
    /// InstanceProfileNotFound, InstanceProfileEmpty, InstanceProfileConflict; or what the service refused. For a single
    /// instance also InstanceNotFound, InstanceIdInvalid, InstanceGone, NotAnInstance and InstanceProfileForeign, which are
    /// the plan's problems otherwise.
    /// </exception>
    public async Task<Plan<IReadOnlyList<InstanceDescription>>> PlanAsync(
        RoleAssignmentRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Check(request);
        IamProfile profile = await new ProfileChoice(_context, _reader)
            .FindAsync(request.RoleName, request.InstanceProfileName, cancellationToken).ConfigureAwait(false);
        string[] ids = [.. request.InstanceIds.Distinct(StringComparer.Ordinal)];
        Dictionary<string, Instance> found = await InstanceReader.FindAsync(
            _context, ids.Where(NodeIds.IsInstance), cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, string> elsewhere = await new RegionSearch(_context).FindAsync(
            [.. ids.Where(id => !found.ContainsKey(id))], cancellationToken).ConfigureAwait(false);

        List<EngineException> problems =
            [.. ids.Select(id => Problem(id, found.GetValueOrDefault(id), elsewhere)).OfType<EngineException>()];
        List<Instance> known = [.. ids.Select(id => found.GetValueOrDefault(id)).OfType<Instance>().Where(one => !InstanceReader.IsGone(one))];
        List<Instance> others = known.FindAll(one => !ProfileAssociations.IsWith(one.IamInstanceProfile, profile));
        List<Instance> refused = request.Force
            ? []
            : await new ForeignProfiles(_reader).FindAsync(others, profile, cancellationToken).ConfigureAwait(false);
        problems.AddRange(refused.Select(one => Foreign(one, profile)));
        if (ids.Length == 1 && problems.Count == 1)
        {
            throw problems[0];
        }

        List<Instance> changing = [.. others.Except(refused)];
        ConcurrentDictionary<string, Instance> having = new(
            known.Except(others).ToDictionary(one => one.InstanceId!), StringComparer.Ordinal);
        Dictionary<string, IamInstanceProfileAssociation> associations = await _associations.FindAsync(
            changing.Where(one => one.IamInstanceProfile is not null).Select(one => one.InstanceId!), cancellationToken)
            .ConfigureAwait(false);
        return new Plan<IReadOnlyList<InstanceDescription>>(
            [.. changing.Select(one => Change(one, profile, associations.GetValueOrDefault(one.InstanceId!), having))],
            token => ReadAsync([.. having.Keys.Order(StringComparer.Ordinal)], profile, token))
        {
            Problems = problems,
            Warnings = await WarnAsync(changing, profile, cancellationToken).ConfigureAwait(false),
        };
    }

    private static void Check(RoleAssignmentRequest request)
    {
        if (request.RoleName is { } role)
        {
            RoleRules.CheckRoleName(role);
        }
        else if (request.InstanceProfileName is null)
        {
            throw new ArgumentException("A role or an instance profile is needed.", nameof(request));
        }

        if (request.InstanceProfileName is { } profile)
        {
            RoleRules.CheckProfileName(profile);
        }
    }

    private PlannedChange Change(
        Instance instance,
        IamProfile profile,
        IamInstanceProfileAssociation? association,
        ConcurrentDictionary<string, Instance> having)
    {
        string name = $"instance profile {profile.InstanceProfileName} with role {profile.Roles[0].RoleName}";
        string? old = (association?.IamInstanceProfile ?? instance.IamInstanceProfile)?.Arn;
        string action = old is null ? $"Attach {name}"
            : old == profile.Arn ? $"Attach {name} anew: it was deleted and made again since"
            : $"Replace instance profile {LaunchRules.ProfileName(old)} by {name}";
        return new PlannedChange(
            InstanceReader.Label(instance),
            action,
            async token =>
            {
                await _associations.SetAsync(instance.InstanceId!, profile, association?.AssociationId, token)
                    .ConfigureAwait(false);
                having[instance.InstanceId!] = instance;
            })
        {
            StandsAlone = true,
        };
    }

    private async Task<IReadOnlyList<string>> WarnAsync(
        List<Instance> changing, IamProfile profile, CancellationToken cancellationToken)
    {
        List<string> warnings = [];
        if (changing.Count > 0 && !TrustPolicy.TrustsEc2(profile.Roles[0].AssumeRolePolicyDocument))
        {
            warnings.Add(
                $"EC2 may not assume role {profile.Roles[0].RoleName}, so the instances get no rights from it; it trusts"
                + $" {TrustPolicy.Principals(profile.Roles[0].AssumeRolePolicyDocument)}.");
        }

        if (await new BackOffWarning(_context, _timeProvider).FindAsync(changing, cancellationToken)
            .ConfigureAwait(false) is { } sleeping)
        {
            warnings.Add(sleeping);
        }

        return warnings;
    }

    private async Task<IReadOnlyList<InstanceDescription>> ReadAsync(
        List<string> ids, IamProfile profile, CancellationToken cancellationToken)
    {
        // EC2 may show an instance with what it had for some seconds.
        Backoff backoff = new(
            _timeProvider, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(10));
        while (true)
        {
            Dictionary<string, Instance> found = await InstanceReader.FindAsync(
                _context, ids, cancellationToken).ConfigureAwait(false);
            List<Instance> done = [.. found.Values.Where(one => ProfileAssociations.IsWith(one.IamInstanceProfile, profile))];
            if (done.Count == ids.Count || !await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
            {
                return [.. done.Select(InstanceReader.Describe)];
            }
        }
    }

    private EngineException? Problem(string id, Instance? instance, IReadOnlyDictionary<string, string> elsewhere) =>
        NodeIds.IsHybrid(id) ? new EngineException(
            "NotAnInstance",
            ErrorKind.InvalidArgument,
            $"{id} is a hybrid node: its role is that of the activation it registered with.",
            "Change the role with Update-SSMManagedInstanceRole of AWS Tools for PowerShell.",
            id)
        : !NodeIds.IsInstance(id) ? new EngineException(
            "InstanceIdInvalid",
            ErrorKind.InvalidArgument,
            $"'{id}' is not the id of an instance.",
            "Give an id such as i-0a1b2c3d4e5f67890.",
            id)
        : instance is null ? UnknownInstance.Error(id, _context.Region, elsewhere)
        : InstanceReader.IsGone(instance) ? new EngineException(
            "InstanceGone",
            ErrorKind.ResourceUnavailable,
            $"Instance {InstanceReader.Label(instance)} is {instance.State?.Name}, so it can be given no role.",
            "Name an instance that is running or stopped.",
            id)
        : null;

    private static EngineException Foreign(Instance instance, IamProfile wanted) => new(
        "InstanceProfileForeign",
        ErrorKind.ResourceExists,
        $"Instance {InstanceReader.Label(instance)} has instance profile"
            + $" {LaunchRules.ProfileName(instance.IamInstanceProfile!.Arn!)}, which SsmTools did not make.",
        $"Use -Force to replace it by {wanted.InstanceProfileName}: the instance then loses the rights that it has now. Or"
            + " give its present role what an agent needs: New-SsmInstanceRole with the name of that role.",
        instance.InstanceId);
}
