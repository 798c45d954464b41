using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Aws;

public sealed class AwsEndpointsTests
{
    private const string Profile =
        """
        [profile dev]
        services = local
        endpoint_url = http://profile:5
        [services local]
        ssm =
          endpoint_url = http://section:4   # with a comment
        ec2 =
            region = ignored
        """;

    /// <summary>Where an endpoint can stand, from the strongest place to the weakest.</summary>
    private static readonly string[] s_order =
        ["http://parameter:1/", "http://service:2/", "http://all:3/", "http://section:4/", "http://profile:5/"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_strongest_place_that_has_one_wins(int strongest)
    {
        using AwsHome home = new();
        home.Config(strongest == 4 ? Profile.Replace("services = local", "", StringComparison.Ordinal) : Profile);
        if (strongest <= 1)
        {
            home.Variable("AWS_ENDPOINT_URL_SSM", s_order[1]);
        }

        if (strongest <= 2)
        {
            home.Variable("AWS_ENDPOINT_URL", s_order[2]);
        }

        Assert.Equal(s_order[strongest], Ssm(home, new AwsOptions
        {
            EndpointUrl = strongest == 0 ? s_order[0] : null,
            ProfileName = "dev",
        }));
    }

    [Fact]
    public void Configured_endpoints_can_be_switched_off_and_a_parameter_still_counts()
    {
        using AwsHome home = new();
        home.Variable("AWS_ENDPOINT_URL", "http://all:3").Variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE");

        Assert.Equal("https://ssm.eu-west-1.amazonaws.com/", Ssm(home, new AwsOptions()));
        Assert.Equal("http://parameter:1/", Ssm(home, new AwsOptions { EndpointUrl = "http://parameter:1" }));
    }

    [Theory]
    [InlineData("eu-west-1", "https://ec2.eu-west-1.amazonaws.com/", "https://iam.amazonaws.com/", "us-east-1")]
    [InlineData("cn-northwest-1", "https://ec2.cn-northwest-1.amazonaws.com.cn/", "https://iam.cn-north-1.amazonaws.com.cn/", "cn-north-1")]
    [InlineData("us-gov-east-1", "https://ec2.us-gov-east-1.amazonaws.com/", "https://iam.us-gov.amazonaws.com/", "us-gov-west-1")]
    [InlineData("us-iso-east-1", "https://ec2.us-iso-east-1.c2s.ic.gov/", "https://iam.us-iso-east-1.c2s.ic.gov/", "us-iso-east-1")]
    public void Each_partition_has_its_own_hosts(string region, string ec2, string iam, string iamRegion)
    {
        using AwsHome home = new();
        AwsSettings settings = AwsSettings.Load(new AwsOptions { Environment = home.Environment });

        Assert.Equal((new Uri(ec2), region), AwsEndpoints.Resolve(settings, Ec2Client.Service, region));
        Assert.Equal((new Uri(iam), iamRegion), AwsEndpoints.Resolve(settings, IamClient.Service, region));
    }

    [Theory]
    [InlineData("localhost:4566")]
    [InlineData("ftp://host/")]
    [InlineData("http://host/?a=b")]
    [InlineData("http://user:secret@host/")]
    [InlineData("/x")]
    [InlineData("http://")]
    public void What_is_no_endpoint_is_refused_when_the_context_is_made(string url)
    {
        EngineException error = Assert.Throws<EngineException>(() => AwsContext.Create(
            new AwsOptions { AccessKey = "k", SecretKey = "s", Region = "eu-west-1", EndpointUrl = url }));

        Assert.Equal("InvalidEndpoint", error.ErrorId);
    }

    private static string Ssm(AwsHome home, AwsOptions options) => AwsEndpoints
        .Resolve(AwsSettings.Load(options with { Environment = home.Environment }), SsmClient.Service, "eu-west-1")
        .Endpoint.AbsoluteUri;
}
