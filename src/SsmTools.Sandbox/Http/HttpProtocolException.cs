namespace SsmTools.Sandbox.Http;

/// <summary>A request that is not answered by the handler but by the server itself, which then hangs up.</summary>
internal sealed class HttpProtocolException : Exception
{
    public HttpProtocolException(int status, string message)
        : base(message)
    {
        Status = status;
    }

    /// <summary>The status to answer with: 400, 403, 413, 417, 426, 431, 501 or 505.</summary>
    public int Status { get; }
}
