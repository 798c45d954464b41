namespace SsmTools.Sandbox.Http;

/// <summary>
/// Keeps web pages out. The sandbox hands shells to whoever may call it, and a browser on this machine may call
/// loopback addresses on behalf of any page: pages send Origin, or come under a foreign name, or, where they only ask
/// for an image or a script, say by Sec-Fetch-Site that nobody typed the address.
/// </summary>
internal static class HttpGuard
{
    /// <summary>Lets a request pass or refuses it.</summary>
    /// <exception cref="HttpProtocolException">It comes from a web page, or says so badly for whom it is meant.</exception>
    public static void Check(HttpRequest request)
    {
        if (request.Headers.Contains("Origin") || request.Headers["Sec-Fetch-Site"] is not (null or "none"))
        {
            throw new HttpProtocolException(403, "Requests from web pages are refused.");
        }

        if (request.Headers.GetValues("Host") is not [string host])
        {
            throw new HttpProtocolException(400, "Malformed request: exactly one Host field is needed.");
        }

        if (!LoopbackHost.IsLoopback(host))
        {
            throw new HttpProtocolException(403, "The Host field must name a loopback address.");
        }
    }
}
