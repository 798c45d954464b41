using System.Net;
using System.Text.Json;
using System.Xml;
using Amazon.Runtime;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>Reads the error that a service gave in place of an answer.</summary>
internal sealed class WireError : IWireReadable
{
    private string? _code;
    private string? _message;
    private string? _requestId;

    /// <summary>
    /// Makes the exception. What cannot be read (a proxy's HTML) becomes an
    /// <see cref="AmazonUnmarshallingException"/> with the status, by which alone it is then retried or not.
    /// </summary>
    public static AmazonServiceException Read(
        WireBody body, WireProtocol protocol, Exception inner, HttpStatusCode status)
    {
        WireError error = new();
        try
        {
            if (protocol is WireProtocol.Json or WireProtocol.RestJson)
            {
                error.ReadJson(body);
            }
            else
            {
                error.ReadXml(body.Content);
            }
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return new AmazonUnmarshallingException(body.RequestId, null, e, status);
        }

        string code = ShortCode(error._code) ?? status.ToString();
        ErrorType type = (int)status >= 500 ? ErrorType.Receiver : ErrorType.Sender;
        return new AmazonServiceException(
            error._message ?? code, inner, type, code, error._requestId ?? body.RequestId, status);
    }

    public bool Read(WireReader reader, string name)
    {
        switch (name)
        {
            case "__type" or "Code" or "code": _code = reader.String() ?? _code; return true;
            case "message" or "Message": _message = reader.String() ?? _message; return true;
            case "RequestId" or "RequestID": _requestId = reader.String(); return true;

            // Query: ErrorResponse/Error; EC2: Response/Errors/Error.
            case "Errors" or "Error": reader.Structure(this); return true;
            default: return false;
        }
    }

    /// <summary>Whether an exception says that an answer is not of the form that its protocol and model promise.</summary>
    public static bool IsUnreadable(Exception e) =>
        e is JsonException or XmlException or InvalidDataException or InvalidOperationException or FormatException
            or OverflowException or ArgumentException;

    /// <summary>Takes the middle of <c>com.amazonaws.ssm#TargetNotConnected:http://…</c>.</summary>
    private static string? ShortCode(string? code)
    {
        if (string.IsNullOrEmpty(code))
        {
            return null;
        }

        string name = code[(code.LastIndexOf('#') + 1)..];
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? name[..colon] : name;
    }

    private void ReadJson(WireBody body)
    {
        _code = body.Header("x-amzn-ErrorType");
        using JsonDocument document = JsonDocument.Parse(body.Content);
        new JsonWireReader(document.RootElement).Structure(this);
    }

    private void ReadXml(Stream content)
    {
        using XmlReader xml = XmlWireReader.Open(content);
        if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName is not ("ErrorResponse" or "Response"))
        {
            throw new InvalidDataException($"The answer is a {xml.LocalName}, not an error.");
        }

        new XmlWireReader(xml).Structure(this);
    }
}
