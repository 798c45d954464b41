using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>What the generated clients have in common: AWSSDK.Core's pipeline with our parts in it.</summary>
internal abstract class AwsServiceClient : AmazonServiceClient
{
    private readonly AwsService _service;

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
    }
}
