using System.Text;
using SsmTools.Sandbox.Http;

namespace SsmTools.Tests.Provisioning;

/// <summary>The operation that a request is for.</summary>
internal static class ApiOperation
{
    /// <summary>For example <c>RunInstances</c>.</summary>
    public static string Of(HttpRequest request)
    {
        if (request.Headers["X-Amz-Target"] is { } target)
        {
            return target[(target.LastIndexOf('.') + 1)..];
        }

        return FormEncoding.Parse(Encoding.UTF8.GetString(request.Body))
            .FirstOrDefault(pair => pair.Key == "Action").Value ?? "?";
    }
}
