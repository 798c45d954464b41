using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>The processors that images exist for, and the question which of them an instance type has.</summary>
internal static class Architectures
{
    /// <summary>Intel and AMD.</summary>
    public const string X64 = "x86_64";

    /// <summary>Graviton.</summary>
    public const string Arm64 = "arm64";

    /// <summary>Asks EC2 for the architecture of an instance type.</summary>
    /// <exception cref="EngineException">
    /// InstanceTypeNotUsable for one that is neither, InstanceTypeNotFound for one that does not exist.
    /// </exception>
    public static async Task<string> OfAsync(AwsContext context, string instanceType, CancellationToken cancellationToken)
    {
        DescribeInstanceTypesResponse response = await ServiceCall.RunAsync(
            token => context.Ec2.DescribeInstanceTypesAsync(
                new DescribeInstanceTypesRequest { InstanceTypes = [instanceType] }, token),
            instanceType,
            cancellationToken).ConfigureAwait(false);
        List<string> supported = response.InstanceTypes.FirstOrDefault()?.ProcessorInfo?.SupportedArchitectures ?? [];
        return supported.Contains(X64) ? X64
            : supported.Contains(Arm64) ? Arm64
            : throw new EngineException(
                "InstanceTypeNotUsable",
                ErrorKind.InvalidArgument,
                $"Instance type {instanceType} cannot be used: its processor is "
                    + (supported.Count == 0 ? "unknown" : string.Join(" or ", supported))
                    + $", and images are picked for {X64} and {Arm64}.",
                "Choose another instance type, for example t3.nano or t4g.nano.",
                instanceType);
    }
}
