namespace SsmTools.Engine.Aws;

/// <summary>
/// Asks once, and for no longer than a second, whether this machine is an EC2 instance with a role: AWSSDK.Core's own
/// search would wait many times as long on every machine that is none.
/// </summary>
internal static class InstanceMetadata
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public static bool Answers(AwsEnvironment environment, TimeProvider time)
    {
        if (environment.IsTrue("AWS_EC2_METADATA_DISABLED"))
        {
            return false;
        }

        string root = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254";
        if (!Uri.TryCreate(root.TrimEnd('/') + "/latest/", UriKind.Absolute, out Uri? metadata))
        {
            return false;
        }

        try
        {
            using CancellationTokenSource patience = new(s_patience, time);
            using HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
            using HttpRequestMessage request = new(HttpMethod.Put, new Uri(metadata, "api/token"));
            request.Headers.Add("X-aws-ec2-metadata-token-ttl-seconds", "60");
            using HttpResponseMessage response = http.Send(request, patience.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
