using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>What the generated clients have in common: AWSSDK.Core's pipeline with our parts in it.</summary>
internal abstract class AwsServiceClient : AmazonServiceClient
{
    private readonly AwsService _service;

    // Client-side monitoring is a setting of the process: unless it is switched off, the profile file is read for it.
    static AwsServiceClient() => Amazon.AWSConfigs.CSMConfig.CSMEnabled = false;

    protected AwsServiceClient(AwsService service, AWSCredentials credentials, AwsClientConfig config)
        : base(credentials, config)
    {
        _service = service;
    }

    // Called by the base's constructor, before there is a service: the configuration knows it too.
    protected override IServiceMetadata ServiceMetadata => ((AwsClientConfig)Config).Service;

    protected async Task<TResponse> SendAsync<TResponse>(
        WireOperation operation, AmazonWebServiceRequest request, CancellationToken cancellationToken)
        where TResponse : AmazonWebServiceResponse, IWireReadable, new()
    {
        InvokeOptions options = new()
        {
            RequestMarshaller = new WireMarshaller(_service, operation),
            ResponseUnmarshaller = new WireUnmarshaller<TResponse>(_service, operation),
        };
        try
        {
            return await InvokeAsync<TResponse>(request, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            AwsErrors.Annotate(e, $"{_service.EndpointPrefix}:{operation.Name}", Config.ServiceURL);
            throw;
        }
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        AwsClientConfig config = (AwsClientConfig)Config;
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new AwsRetryPolicy(config)));
        pipeline.ReplaceHandler<EndpointResolver>(new BaseEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new AwsAuthHandler());

        // What these do is off anyway, and each costs the first call in a process some milliseconds of compilation.
        pipeline.RemoveHandler<MetricsHandler>();
        pipeline.RemoveHandler<ErrorCallbackHandler>();
        pipeline.RemoveHandler<CallbackHandler>();
        pipeline.RemoveHandler<CallbackHandler>();
        pipeline.RemoveHandler<CallbackHandler>();
        pipeline.RemoveHandler<CompressionHandler>();
        pipeline.RemoveHandler<ChecksumHandler>();
        pipeline.RemoveHandler<EndpointDiscoveryHandler>();
    }
}
