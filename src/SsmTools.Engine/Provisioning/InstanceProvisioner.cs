using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// Launches and terminates instances that can be managed without a key, a bastion or an inbound port (steps 3, 4 and 7
/// of the recipe).
/// </summary>
public sealed class InstanceProvisioner
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates the provisioner.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public InstanceProvisioner(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>
    /// Compares what is there with what is wanted. Instances of ours with the same name in the same subnets count; what
    /// is missing is launched, evenly over the subnets: one change a subnet.
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// SubnetIdInvalid, ImageUnknown, CountInvalid, HopLimitInvalid, InstanceNameInvalid, TagInvalid,
    /// InstanceProfileNameInvalid, ClientTokenInvalid; SubnetNotFound, SecurityGroupNotFound, SecurityGroupMismatch,
    /// ImageNotFound, ImageArchitectureMismatch, InstanceTypeNotUsable, InstanceProfileNotFound, InstanceProfileEmpty;
    /// InstanceConflict or InstanceStopped for one that exists and does not fit; or what the service refused.
    /// </exception>
    public async Task<Plan<IReadOnlyList<InstanceDescription>>> PlanAsync(
        LaunchRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        LaunchRules.Check(request);
        string? name = request.Name ?? request.Tags.GetValueOrDefault("Name");
        LaunchPreconditions preconditions = new(_context);
        List<Subnet> subnets = await preconditions
            .RequireSubnetsAsync(request.SubnetIds, cancellationToken).ConfigureAwait(false);

        List<string> warnings = [];
        List<Instance> existing = name is null
            ? []
            : await ExistingInstances.FindAsync(_context, request.SubnetIds, name, cancellationToken)
                .ConfigureAwait(false);
        existing.ForEach(instance => ExistingInstances.RequireFit(instance, request, name!));
        if (existing.Count > request.Count)
        {
            warnings.Add($"{string.Join(", ", subnets.Select(one => one.SubnetId))} has {existing.Count} instances {name}, more than the {request.Count} asked for.");
        }

        LaunchSet set = new(existing);
        List<PlannedChange> changes = [];
        if (existing.Count < request.Count)
        {
            await preconditions.RequireSecurityGroupsAsync(request.SecurityGroupIds, subnets, cancellationToken)
                .ConfigureAwait(false);
            await preconditions.RequireProfileAsync(request.InstanceProfileName, warnings, cancellationToken)
                .ConfigureAwait(false);
            Func<LaunchShare, RunInstancesRequest> build =
                await PrepareAsync(request, name, warnings, cancellationToken).ConfigureAwait(false);
            changes.AddRange(LaunchShare.Spread(subnets, existing, request.Count)
                .Where(share => share.Missing > 0)
                .Select(share => (Share: share, Run: build(share)))
                .Select(one => new PlannedChange(
                    $"{one.Share.Subnet.SubnetId} ({one.Share.Subnet.AvailabilityZone})",
                    Words(request, one.Run, name, one.Share.Missing),
                    token => LaunchAsync(one.Run, request, name, set, one.Share, token))));
        }

        return new Plan<IReadOnlyList<InstanceDescription>>(changes, token => ReadAsync(set, token))
        {
            Warnings = warnings,
        };
    }

    /// <summary>Works out which instances to terminate. Those that are terminated already need no change.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="force">Terminates what SsmTools did not make, too.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// InstanceNotFound, InstanceNotManaged or InstanceIdInvalid when that is true of the only id; with several, they
    /// are the plan's problems. Or what the service refused.
    /// </exception>
    public Task<Plan<IReadOnlyList<InstanceDescription>>> PlanRemovalAsync(
        IReadOnlyList<string> ids,
        bool force,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new InstanceRemoval(_context).PlanAsync(ids, force, cancellationToken);
    }

    private async Task<Func<LaunchShare, RunInstancesRequest>> PrepareAsync(
        LaunchRequest request,
        string? name,
        List<string> warnings,
        CancellationToken cancellationToken)
    {
        string architecture = await Architectures
            .OfAsync(_context, request.InstanceType, cancellationToken).ConfigureAwait(false);
        ResolvedImage image = await new ImageResolver(_context)
            .ResolveAsync(request.Image, request.InstanceType, architecture, cancellationToken).ConfigureAwait(false);
        string? userData = request.UserData;
        if (image.NeedsAgent)
        {
            string url = AgentInstall.PackageUrl(_context.Region, _context.Partition, architecture);
            userData = AgentInstall.UserData(url, userData);
            warnings.Add(
                $"{request.Image} has no Systems Manager agent: it is installed at the first start from {url},"
                + " which the subnet must reach through NAT or an S3 gateway endpoint.");
        }

        return share =>
        {
            RunInstancesRequest run = LaunchTemplate.Build(
                request with { SubnetId = share.Subnet.SubnetId! }, name, image.ImageId, userData);
            if (request.ClientToken is not null && request.SubnetIds.Distinct().Count() > 1)
            {
                // One token stands for one call.
                run.ClientToken = LaunchToken.OfSubnet(request.ClientToken, run.SubnetId!);
            }

            return run;
        };
    }

    private async Task LaunchAsync(
        RunInstancesRequest run,
        LaunchRequest request,
        string? name,
        LaunchSet set,
        LaunchShare share,
        CancellationToken cancellationToken)
    {
        try
        {
            await FillAsync(run, request, name, set, share, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException exception) when (LaunchErrors.CanExplain(exception))
        {
            throw await new LaunchErrors(_context)
                .ExplainAsync(exception, request, share.Subnet, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FillAsync(
        RunInstancesRequest run,
        LaunchRequest request,
        string? name,
        LaunchSet set,
        LaunchShare share,
        CancellationToken cancellationToken)
    {
        InstanceLauncher launcher = new(_context, _timeProvider);
        if (name is null || request.ClientToken is not null)
        {
            // One call for all: the token is this plan's own, or the caller's.
            run.MinCount = run.MaxCount = share.Missing;
            set.Add(await launcher.LaunchAsync(run, cancellationToken).ConfigureAwait(false));
            return;
        }

        // One call for each, since each has a place of its own among those of this name: however many of them EC2
        // lists so soon after a run that was killed, no place is filled twice.
        string subnetId = share.Subnet.SubnetId!;
        for (int place = 0; place < share.Wanted && set.CountIn(subnetId) < share.Wanted; place++)
        {
            Instance instance = await launcher.LaunchPlaceAsync(run, place, cancellationToken).ConfigureAwait(false);
            set.Add([instance]);
        }
    }

    private async Task<IReadOnlyList<InstanceDescription>> ReadAsync(LaunchSet set, CancellationToken cancellationToken)
    {
        // EC2 may not list yet what it has just launched. What it answered to the launch does, should it take too long.
        Backoff backoff = new(
            _timeProvider, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20));
        while (true)
        {
            Dictionary<string, Instance> found =
                await InstanceReader.FindAsync(_context, set.Ids, cancellationToken).ConfigureAwait(false);
            if (found.Count == set.Count || !await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
            {
                return
                [
                    .. set.Instances.Select(launched =>
                        InstanceReader.Describe(found.GetValueOrDefault(launched.InstanceId!, launched))),
                ];
            }
        }
    }

    private static string Words(LaunchRequest request, RunInstancesRequest run, string? name, int missing)
    {
        string what = missing == 1 ? $"Launch a {request.InstanceType}" : $"Launch {missing} {request.InstanceType}";
        string called = name is null ? string.Empty : $" named {name}";
        string image = ImageResolver.IsId(request.Image) ? request.Image : $"{request.Image} ({run.ImageId})";
        string profile = request.InstanceProfileName is { } given
            ? $" with instance profile {LaunchRules.ProfileName(given)}"
            : " without an instance profile";
        return $"{what}{called} from {image}{profile}, IMDSv2 required, no key pair";
    }
}
