using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>Makes the HTTP request of an operation; signing and sending are AWSSDK.Core's.</summary>
internal sealed class WireMarshaller(AwsService service, WireOperation operation)
    : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public WireOperation Operation => operation;

    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        DefaultRequest request = new(input, service.ServiceId) { HttpMethod = operation.Method, ResourcePath = operation.Path };
        IWireWritable content = (IWireWritable)input;
        if (service.Protocol == WireProtocol.Json)
        {
            request.Headers["Content-Type"] = "application/x-amz-json-1.1";
            request.Headers["X-Amz-Target"] = $"{service.TargetPrefix}.{operation.Name}";
            request.Content = ToJson(content);
        }
        else if (service.Protocol == WireProtocol.RestJson)
        {
            ((IWireAddressed)input).Write(new WireAddress(request));
            if (operation.Method is "POST" or "PUT")
            {
                request.Headers["Content-Type"] = "application/json";
                request.Content = ToJson(content);
            }
        }
        else
        {
            request.Parameters["Action"] = operation.Name;
            request.Parameters["Version"] = service.ApiVersion;
            content.Write(new QueryWireWriter(request.Parameters));
        }

        return request;
    }

    private static byte[] ToJson(IWireWritable content)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            new JsonWireWriter(json).Put(null, content);
        }

        return body.ToArray();
    }
}
