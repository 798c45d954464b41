using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// A VPC, route table or security group that is there, or that a plan makes: it has its id by the time that later
/// changes need it.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="id">Its id; null where it is to be made.</param>
internal sealed class NetworkPart(string name, string? id = null)
{
    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>The id; null until it is made.</summary>
    public string? Id { get; set; } = id;

    /// <summary>The id, at a time when it must be there.</summary>
    public string RequiredId => Id ?? throw new InvalidOperationException($"{Name} was to be made before.");

    /// <summary>For a security group: the rules it has.</summary>
    public SecurityGroup? Found { get; init; }

    /// <summary>For messages.</summary>
    public override string ToString() => Id is null || Id == Name ? Name : $"{Id} ({Name})";
}
