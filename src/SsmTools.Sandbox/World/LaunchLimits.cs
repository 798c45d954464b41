namespace SsmTools.Sandbox.World;

/// <summary>What EC2 does not give: types that a zone has not, zones that have run out of one, and quotas.</summary>
internal sealed class LaunchLimits
{
    /// <summary>Gets pairs of an instance type and a zone that does not offer it.</summary>
    public HashSet<(string Type, string Zone)> NotOffered { get; } = [];

    /// <summary>Gets pairs of an instance type and a zone that has none left now.</summary>
    public HashSet<(string Type, string Zone)> Exhausted { get; } = [];

    /// <summary>Gets or sets how many virtual processors may run at once; null for any number.</summary>
    public int? Cpus { get; set; }

    /// <summary>Gets or sets how many instances may run at once; null for any number.</summary>
    public int? Instances { get; set; }
}
