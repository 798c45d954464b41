namespace SsmTools.Sandbox.World;

/// <summary>An instance type.</summary>
internal sealed record InstanceTypeRecord(string Name, string Architecture, int Cpus, int MemoryMiB, int Interfaces)
{
    public bool Burstable => Name.StartsWith('t');

    public string Family => Name[..Name.IndexOf('.', StringComparison.Ordinal)];
}
