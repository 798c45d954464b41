namespace SsmTools.Sandbox.World;

/// <summary>A network interface.</summary>
internal sealed class NetworkInterfaceRecord : Resource
{
    public override string ResourceType => "network-interface";

    public required SubnetRecord Subnet { get; init; }

    public required string PrivateIp { get; init; }

    public required string MacAddress { get; init; }

    public required string AttachmentId { get; init; }

    public required DateTimeOffset Attached { get; init; }

    public string? PublicIp { get; set; }

    public string Description { get; init; } = "";

    /// <summary>Gets interface, vpc_endpoint or nat_gateway.</summary>
    public string Kind { get; init; } = "interface";

    public string? InstanceId { get; set; }

    public List<string> GroupIds { get; } = [];
}
