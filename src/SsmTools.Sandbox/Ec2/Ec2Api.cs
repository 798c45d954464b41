using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ec2;

/// <summary>EC2's operations.</summary>
internal static class Ec2Api
{
    public static OperationTable Create() => new();
}
