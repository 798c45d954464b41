using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>
/// The settings of a client. Region and endpoint are decided before and are never left to AWSSDK.Core, which would
/// search for a region in places of its own, ask the metadata service for it, and keep the first answer for the life of
/// the process.
/// </summary>
internal sealed class AwsClientConfig : ClientConfig, IEndpointProvider
{
    /// <summary>Creates the settings.</summary>
    /// <param name="service">The service.</param>
    /// <param name="endpoint">Where requests go.</param>
    /// <param name="signingRegion">The region in the signature.</param>
    /// <param name="http">The connections; they stay the caller's.</param>
    public AwsClientConfig(AwsService service, Uri endpoint, string signingRegion, HttpClientFactory http)
        : base(new Defaults())
    {
        Service = service;
        ServiceURL = endpoint.AbsoluteUri;
        AuthenticationRegion = signingRegion;
        AuthenticationServiceName = service.EndpointPrefix;
        IgnoreConfiguredEndpointUrls = true;
        EndpointProvider = this;
        HttpClientFactory = http;
        RetryMode = RequestRetryMode.Standard;
        DisableLogging = true;

        // Whatever is not said here is searched for in variables and in the profile file, once more and slowly.
        AccountIdEndpointMode = AccountIdEndpointMode.DISABLED;
        AuthSchemePreference = [];
        ClientAppId = string.Empty;
        DisableClockSkewCorrection = false;
        DisableRequestCompression = true;
        EndpointDiscoveryEnabled = false;
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
        RequestMinCompressionSizeBytes = 0;
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        UseDualstackEndpoint = false;
        UseFIPSEndpoint = false;

        // The default sends ten more times at once when a connection breaks or hangs.
        MaxStaleConnectionRetries = 0;
    }

    public AwsService Service { get; }

    /// <summary>How long the pause before a repetition may become.</summary>
    public TimeSpan MaxBackoff { get; init; }

    public override string RegionEndpointServiceName => Service.EndpointPrefix;

    public override string ServiceVersion => Service.ApiVersion;

    public override string UserAgent { get; } =
        $"SsmTools/{typeof(AwsClientConfig).Assembly.GetName().Version?.ToString(3)}";

    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        PropertyBag scheme = new()
        {
            ["name"] = "sigv4",
            ["signingName"] = Service.EndpointPrefix,
            ["signingRegion"] = AuthenticationRegion,
        };
        return new Endpoint(ServiceURL) { Attributes = new PropertyBag { ["authSchemes"] = new List<object> { scheme } } };
    }

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        ResolveEndpoint(new EndpointParameters());

    private sealed class Defaults : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(
            Amazon.RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode) =>
            new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard };
    }
}
