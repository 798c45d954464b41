using System.Text;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Tests.Provisioning;

/// <summary>The operation that a request is for.</summary>
internal static class ApiOperation
{
    private static readonly Lazy<ServiceModel> s_scheduler = new(() => ServiceModel.Load("scheduler"));

    /// <summary>For example <c>RunInstances</c>.</summary>
    public static string Of(HttpRequest request)
    {
        if (request.Headers["X-Amz-Target"] is { } target)
        {
            return target[(target.LastIndexOf('.') + 1)..];
        }

        // REST has it in method and path.
        if (request.RawPath != "/")
        {
            return s_scheduler.Value.At(request.Method, request.RawPath)?.Name ?? "?";
        }

        return FormEncoding.Parse(Encoding.UTF8.GetString(request.Body))
            .FirstOrDefault(pair => pair.Key == "Action").Value ?? "?";
    }
}
