namespace SsmTools.Sandbox.World;

/// <summary>An instance. Read and changed under the world's lock.</summary>
internal sealed class InstanceRecord : Resource
{
    private MachineSoftware? _software;

    public override string ResourceType => "instance";

    public required string ReservationId { get; init; }

    public required ImageRecord Image { get; init; }

    public required InstanceTypeRecord Type { get; set; }

    public required SubnetRecord Subnet { get; init; }

    public required NetworkInterfaceRecord NetworkInterface { get; init; }

    public required VolumeRecord RootVolume { get; init; }

    public required DateTimeOffset LaunchTime { get; set; }

    public required MetadataSettings Metadata { get; set; }

    public int LaunchIndex { get; init; }

    public string? ClientToken { get; init; }

    /// <summary>Gets the key pair that it was launched with.</summary>
    public KeyPairRecord? KeyPair { get; init; }

    /// <summary>Gets or sets the administrator's password, encrypted with that key, once Windows has chosen one.</summary>
    public string? PasswordData { get; set; }

    /// <summary>Gets the keys that EC2 Instance Connect was asked to put on it, the expired ones too.</summary>
    public List<PushedKey> PushedKeys { get; } = [];

    /// <summary>Gets or sets the user data as it was sent: base64.</summary>
    public string? UserData { get; set; }

    public bool TerminationProtected { get; set; }

    public ProfileAssociation? Profile { get; set; }

    public InstanceState State { get; set; } = InstanceState.Pending;

    public string StateReason { get; set; } = "";

    /// <summary>Gets or sets a number that grows with each request for another state: a late timer knows it is late.</summary>
    public int StateEpoch { get; set; }

    /// <summary>Gets or sets what is the matter with the machine itself; switching it on again heals a stopped agent alone.</summary>
    public InstanceAilment Ailment { get; set; }

    /// <summary>Gets or sets the node that Systems Manager knows this instance as, once its agent has registered.</summary>
    public NodeRecord? Node { get; set; }

    /// <summary>Gets what is installed on it by Systems Manager; it outlives restarts.</summary>
    public MachineSoftware Software => _software ??= new MachineSoftware(Image.AgentVersion);

    /// <summary>Gets or sets where its metadata are while it runs.</summary>
    public string? MetadataEndpoint { get; set; }

    /// <summary>
    /// Gets or sets a value indicating whether an agent from outside runs for it: the sandbox's own then stays away, until
    /// the machine is started again.
    /// </summary>
    public bool HasOutsideAgent { get; set; }

    /// <summary>Gets or sets until when its agent sleeps after a try without success; null while it does not.</summary>
    public DateTimeOffset? AgentSleepsUntil { get; set; }

    public string PrivateIp => NetworkInterface.PrivateIp;

    public string? PublicIp => NetworkInterface.PublicIp;
}
