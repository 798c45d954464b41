using SsmTools.Engine.Aws.Runtime;

namespace SsmTools.Engine.Aws;

/// <summary>
/// Finds where a service is called: parameter, AWS_ENDPOINT_URL_service, AWS_ENDPOINT_URL, the profile's services
/// section, the profile's endpoint_url, AWS's own host.
/// </summary>
internal static class AwsEndpoints
{
    /// <returns>The address, and the region that requests to it are signed for.</returns>
    /// <exception cref="EngineException">InvalidEndpoint.</exception>
    public static (Uri Endpoint, string SigningRegion) Resolve(AwsSettings settings, AwsService service, string region)
    {
        AwsPartition partition = AwsPartition.Of(region);
        bool isGlobal = service.EndpointPrefix == "iam";
        string host = isGlobal ? partition.IamHost : $"{service.EndpointPrefix}.{region}.{partition.DnsSuffix}";
        string? configured = settings.Options.EndpointUrl ?? Configured(settings, service);
        return (
            configured is null ? new Uri($"https://{host}/") : Parse(configured),
            isGlobal ? partition.IamRegion : region);
    }

    private static string? Configured(AwsSettings settings, AwsService service)
    {
        if (settings.Environment.IsTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            || string.Equals(
                settings.Profile?["ignore_configured_endpoint_urls"], "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string name = service.ServiceId.Replace(' ', '_');
        return settings.Environment["AWS_ENDPOINT_URL_" + name.ToUpperInvariant()]
            ?? settings.Environment["AWS_ENDPOINT_URL"]
            ?? FromProfile(settings.Profile, name.ToLowerInvariant());
    }

    private static string? FromProfile(AwsProfile? profile, string service)
    {
        string? own = profile?["services"] is { } section
            ? profile.Files.Section("services", section).GetValueOrDefault(service + ".endpoint_url")
            : null;
        return own ?? profile?["endpoint_url"];
    }

    private static Uri Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
            ? uri
            : throw new EngineException(
                "InvalidEndpoint",
                ErrorKind.InvalidArgument,
                $"'{text}' is not an http or https address that services can be called at.",
                "Endpoints look like http://127.0.0.1:4566 or https://vpce-1.ssm.eu-central-1.vpce.amazonaws.com.",
                text);
}
