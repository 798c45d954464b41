using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>
/// The standard policy, except that a call which could do its work twice is repeated only when the service refused it
/// for its rate: then it did nothing.
/// </summary>
internal sealed class AwsRetryPolicy : StandardRetryPolicy
{
    public AwsRetryPolicy(AwsClientConfig config)
        : base(config)
    {
        MaxBackoffInMilliseconds = (int)config.MaxBackoff.TotalMilliseconds;
    }

    public override async Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception)
    {
        if (executionContext.RequestContext.Marshaller is WireMarshaller { Operation.Once: true }
            && !IsThrottlingError(exception))
        {
            return false;
        }

        return await base.RetryForExceptionAsync(executionContext, exception).ConfigureAwait(false);
    }
}
