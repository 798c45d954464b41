using System.Security.Cryptography;
using System.Text;
using SsmTools.Engine.Aws;

namespace SsmTools.Engine.Choosing;

/// <summary>Tells callers apart: endpoint, region and identity, as far as options and environment decide them.</summary>
public static class CallerKey
{
    /// <summary>A sandbox that starts, or a profile that is chosen for the process, changes nothing but these.</summary>
    private static readonly string[] s_variables =
    [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION",
        "AWS_DEFAULT_REGION", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL_SSM",
        "AWS_ENDPOINT_URL_STS", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    ];

    /// <summary>A key that holds no secret and is the same as long as the same account would be asked as the same caller.</summary>
    /// <param name="options">What the caller says.</param>
    /// <param name="more">What else decides whom it is asked as; null for nothing.</param>
    public static string Of(AwsOptions options, string? more = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        string?[] said =
        [
            options.Region, options.ProfileName, options.ProfileLocation, options.AccessKey, options.SecretKey,
            options.SessionToken, options.EndpointUrl, options.Shell?.Region, options.Shell?.ProfileName,
            options.Shell?.AccessKey, options.Shell?.SecretKey, options.Shell?.SessionToken, more,
        ];

        // A separator that no part can contain.
        IEnumerable<string?> parts = said.Concat(s_variables.Select(name => options.Environment[name]));
        string text = string.Join('\0', parts.Select(part => part is null ? "-" : "+" + part));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
