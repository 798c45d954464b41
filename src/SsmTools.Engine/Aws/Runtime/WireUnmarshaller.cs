using System.Net;
using System.Text.Json;
using System.Xml;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>Reads the answer of an operation, or the error in its place.</summary>
internal sealed class WireUnmarshaller<TResponse>(AwsService service, WireOperation operation) : ResponseUnmarshaller
    where TResponse : AmazonWebServiceResponse, IWireReadable, new()
{
    public override AmazonWebServiceResponse Unmarshall(UnmarshallerContext input)
    {
        WireBody body = (WireBody)input;
        TResponse response = new();
        try
        {
            if (service.Protocol is WireProtocol.Json or WireProtocol.RestJson)
            {
                ReadJson(body.Content, response);
            }
            else
            {
                ReadXml(body.Content, response);
            }
        }
        catch (Exception e) when (WireError.IsUnreadable(e))
        {
            throw new AmazonUnmarshallingException(body.RequestId, null, e, body.ResponseData.StatusCode);
        }

        response.ResponseMetadata = new ResponseMetadata { RequestId = body.RequestId };
        return response;
    }

    public override AmazonServiceException UnmarshallException(
        UnmarshallerContext input, Exception innerException, HttpStatusCode statusCode) =>
        WireError.Read((WireBody)input, service.Protocol, innerException, statusCode);

    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException) =>
        new WireBody(responseStream, response);

    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream,
        bool maintainResponseBody,
        IWebResponseData response,
        bool isException,
        IRequestContext requestContext) =>
        new WireBody(responseStream, response);

    private static void ReadJson(Stream content, TResponse response)
    {
        using MemoryStream buffer = new();
        content.CopyTo(buffer);

        // Operations without output answer with nothing at all, or with an empty object.
        if (buffer.Length > 0)
        {
            using JsonDocument document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
            new JsonWireReader(document.RootElement).Structure(response);
        }
    }

    private void ReadXml(Stream content, TResponse response)
    {
        using XmlReader xml = XmlWireReader.Open(content);
        XmlWireReader reader = new(xml);
        if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != operation.Name + "Response")
        {
            throw new InvalidDataException($"The answer is a {xml.LocalName}, not a {operation.Name}Response.");
        }

        if (service.Protocol == WireProtocol.Ec2)
        {
            reader.Structure(response);
            return;
        }

        reader.Children(() =>
        {
            if (xml.LocalName == operation.ResultWrapper)
            {
                reader.Structure(response);
            }
            else
            {
                xml.Skip();
            }
        });
    }
}
