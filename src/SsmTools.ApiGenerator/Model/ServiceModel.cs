namespace SsmTools.ApiGenerator.Model;

/// <summary>What the generator needs to know of one service.</summary>
internal sealed record ServiceModel(string Key, Protocol Protocol, string ServiceId, string ApiVersion)
{
    /// <summary>
    /// The namespace and the stem of the client's name: <c>Ssm</c> for the key <c>ssm</c>, <c>Ec2InstanceConnect</c> for
    /// <c>ec2-instance-connect</c>.
    /// </summary>
    public string Name => string.Concat(Key.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The first label of the service's host name, and the name that requests are signed with.</summary>
    public required string EndpointPrefix { get; init; }

    /// <summary>JSON protocols: what stands before the dot in X-Amz-Target.</summary>
    public string? TargetPrefix { get; init; }

    public required IReadOnlyDictionary<string, Operation> Operations { get; init; }

    public required IReadOnlyDictionary<string, Shape> Shapes { get; init; }

    public Shape ShapeOf(Member member) => Shapes[member.ShapeName];
}
