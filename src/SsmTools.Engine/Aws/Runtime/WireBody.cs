using Amazon.Runtime.Internal.Transform;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>
/// An answer's bytes with its headers. AWSSDK.Core's own contexts are event readers; ours read the body as a whole, so
/// the members about a reader's position have nothing to say.
/// </summary>
internal sealed class WireBody : UnmarshallerContext
{
    public WireBody(Stream content, IWebResponseData response)
    {
        Content = content;
        WebResponseData = response;
    }

    public Stream Content { get; }

    public string? RequestId => Header("x-amzn-RequestId") ?? Header("x-amz-request-id");

    public override string CurrentPath => string.Empty;

    public override int CurrentDepth => 0;

    public override bool IsStartElement => false;

    public override bool IsEndElement => false;

    public override bool IsStartOfDocument => true;

    public string? Header(string name) =>
        ResponseData.IsHeaderPresent(name) ? ResponseData.GetHeaderValue(name) : null;
}
