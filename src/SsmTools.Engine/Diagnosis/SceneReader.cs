using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Survey;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Diagnosis;

/// <summary>
/// Reads what the checks need, window by window of nodes. What nodes share is read once and kept; what belongs to one
/// node is not kept.
/// </summary>
internal sealed class SceneReader
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly NetworkSurvey _networks;
    private readonly RoleSurvey _roles;
    private readonly MachineSurvey _machines;
    private readonly SettingSurvey _settings;

    /// <summary>Nothing is read yet.</summary>
    public SceneReader(AwsContext context, TimeProvider timeProvider)
    {
        Asker asker = new();
        _context = context;
        _timeProvider = timeProvider;
        _networks = new NetworkSurvey(context, asker);
        _roles = new RoleSurvey(context, asker);
        _machines = new MachineSurvey(context, asker);
        _settings = new SettingSurvey(context, asker);
    }

    /// <summary>The scenes of some nodes, in their order.</summary>
    public async Task<IReadOnlyList<Scene>> ReadAsync(IReadOnlyList<NodeSnapshot> nodes, CancellationToken cancellationToken)
    {
        List<Instance> instances = [.. nodes.Select(node => node.Instance).OfType<Instance>().Where(IsThere)];
        Shelf<InstanceStatus> statuses = _machines.NewStatuses();
        Shelf<IamInstanceProfileAssociation> associations = _machines.NewAssociations();

        // Four services' worth of calls side by side; within each in order, since one tells what the next has to ask.
        Task<Reading<string>> rights = ReadRightsAsync(instances, cancellationToken);
        await Task.WhenAll(
            rights,
            _networks.ReadAsync(instances, cancellationToken),
            ReadMachinesAsync(instances, statuses, associations, cancellationToken),
            instances.Count > 0 ? _settings.ReadNeedsAsync(cancellationToken) : Task.CompletedTask).ConfigureAwait(false);
        Reading<string> hostManagement = await rights.ConfigureAwait(false);

        List<Scene> scenes = [];
        foreach (NodeSnapshot node in nodes)
        {
            Scene scene = new()
            {
                NodeId = node.Node.InstanceId,
                Now = _timeProvider.GetUtcNow(),
                Region = _context.Region,
                Partition = _context.Partition,
                Information = node.InformationObstacle is { } hidden ? hidden : node.Information,
                Instance = node.IsEc2Denied ? Obstacle.Denied("ec2:DescribeInstances") : node.Instance,
            };
            scenes.Add(
                node.Instance is { } instance && IsThere(instance)
                    ? await WithUserDataAsync(
                        Furnish(scene, instance, hostManagement, statuses, associations), cancellationToken).ConfigureAwait(false)
                : scene.IsHybrid ? await WithActivationAsync(scene, cancellationToken).ConfigureAwait(false)
                : scene);
        }

        return scenes;
    }

    /// <summary>What the machine wrote to its console: a call for one node alone.</summary>
    public async Task<Scene> WithConsoleAsync(Scene scene, CancellationToken cancellationToken) =>
        scene with { Console = await _machines.ReadConsoleAsync(scene.NodeId, cancellationToken).ConfigureAwait(false) };

    // What is terminated has neither subnet nor groups any more.
    private static bool IsThere(Instance instance) => instance.VpcId is not null && instance.SubnetId is not null;

    private async Task ReadMachinesAsync(
        List<Instance> instances,
        Shelf<InstanceStatus> statuses,
        Shelf<IamInstanceProfileAssociation> associations,
        CancellationToken cancellationToken)
    {
        await _machines.ReadImagesAsync(instances, cancellationToken).ConfigureAwait(false);
        await statuses.FillAsync(
            instances.Where(instance => instance.State?.Name == InstanceStateName.Running).Select(instance => instance.InstanceId),
            cancellationToken).ConfigureAwait(false);
        await associations.FillAsync(
            instances.Where(instance => instance.IamInstanceProfile is not null).Select(instance => instance.InstanceId),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<Reading<string>> ReadRightsAsync(List<Instance> instances, CancellationToken cancellationToken)
    {
        if (instances.Count == 0)
        {
            return default;
        }

        await _roles.ReadAsync(
            instances.Select(instance => instance.IamInstanceProfile).OfType<IamInstanceProfile>().Select(InstanceProfileCheck.NameOf),
            cancellationToken).ConfigureAwait(false);
        Reading<string> hostManagement = await _settings.ReadHostManagementRoleAsync(cancellationToken).ConfigureAwait(false);
        if (hostManagement.Value is { } role)
        {
            await _roles.ReadRoleAsync(role, null, cancellationToken).ConfigureAwait(false);
        }

        return hostManagement;
    }

    private Scene Furnish(
        Scene scene,
        Instance instance,
        Reading<string> hostManagement,
        Shelf<InstanceStatus> statuses,
        Shelf<IamInstanceProfileAssociation> associations)
    {
        string? profileName = instance.IamInstanceProfile is { } attached ? InstanceProfileCheck.NameOf(attached) : null;
        Reading<Aws.Iam.InstanceProfile> profile = _roles.Profile(profileName);
        VpcFacts? vpc = _networks.Vpc(instance.VpcId);
        return scene with
        {
            Status = statuses.Get(instance.InstanceId),
            Image = _machines.Image(instance.ImageId),
            Association = associations.Get(instance.InstanceId),
            Profile = profile,
            Role = profile.Obstacle is { } hidden ? hidden : _roles.Role(profile.Value?.Roles.FirstOrDefault()?.RoleName),
            HostManagementRoleName = hostManagement,
            HostManagementRole = _roles.Role(hostManagement.Value),
            Subnet = _networks.Subnet(instance.SubnetId),
            DnsSupport = vpc?.DnsSupport ?? true,
            DnsHostnames = vpc?.DnsHostnames ?? true,
            RouteTable = vpc?.RouteTableOf(instance.SubnetId) ?? default,
            NatGateways = vpc?.NatGateways ?? default,
            Endpoints = vpc?.Endpoints ?? default,
            Interfaces = vpc?.Interfaces ?? default,
            EndpointZones = vpc is null ? default : _networks.Zones(vpc),
            Groups = _networks.Groups(instance),
            NetworkAcl = vpc?.NetworkAclOf(instance.SubnetId) ?? default,
            EndpointAcls = vpc?.EndpointAcls ?? default,
            SessionNeeds = _settings.Needs,
        };
    }

    private async Task<Scene> WithUserDataAsync(Scene scene, CancellationToken cancellationToken) =>
        !scene.IsOnline && ImageAgents.Of(scene.Image.Value) == false
            ? scene with { UserData = await _machines.ReadUserDataAsync(scene.NodeId, cancellationToken).ConfigureAwait(false) }
            : scene;

    private async Task<Scene> WithActivationAsync(Scene scene, CancellationToken cancellationToken) => scene with
    {
        ActivationTier = await _settings.ReadTierAsync(cancellationToken).ConfigureAwait(false),
        Activation = scene.Information.Value?.ActivationId is { } id
            ? await _settings.ReadActivationAsync(id, cancellationToken).ConfigureAwait(false)
            : default,
    };
}
