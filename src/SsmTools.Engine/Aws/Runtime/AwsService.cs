using Amazon.Runtime.Internal;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>What the runtime needs to know of a service; generated from its model.</summary>
/// <param name="ServiceId">The name in the user agent and in the name of AWS_ENDPOINT_URL_….</param>
/// <param name="EndpointPrefix">The host name's first label, and the name in the signature.</param>
/// <param name="ApiVersion">The version that query requests state.</param>
/// <param name="Protocol">The wire protocol.</param>
/// <param name="TargetPrefix">JSON only: what stands before the operation in X-Amz-Target.</param>
internal sealed record AwsService(
    string ServiceId,
    string EndpointPrefix,
    string ApiVersion,
    WireProtocol Protocol,
    string? TargetPrefix) : IServiceMetadata
{
    /// <summary>Operations that are called otherwise in metrics than on the wire: none.</summary>
    public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
}
