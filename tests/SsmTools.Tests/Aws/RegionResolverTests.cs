using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Aws;

public sealed class RegionResolverTests
{
    /// <summary>Where a region can stand, from the strongest place to the weakest.</summary>
    private static readonly string[] s_places =
        ["parameter", "shell", "named profile", "AWS_REGION", "AWS_DEFAULT_REGION", "default profile"];

    public static TheoryData<int> Places { get; } = new(Enumerable.Range(0, s_places.Length));

    [Theory]
    [MemberData(nameof(Places))]
    public void The_strongest_place_that_has_one_wins(int strongest)
    {
        using AwsHome home = new();
        string Region(int place) => $"eu-west-{place + 1}";
        bool Has(int place) => place >= strongest;
        home.Config(
            $"""
            [profile named]
            {(Has(2) ? "region = " + Region(2) : string.Empty)}
            [default]
            {(Has(5) ? "region = " + Region(5) : string.Empty)}
            """);
        if (Has(3))
        {
            home.Variable("AWS_REGION", Region(3));
        }

        if (Has(4))
        {
            home.Variable("AWS_DEFAULT_REGION", Region(4));
        }

        string region = Resolve(new AwsOptions
        {
            Environment = home.Environment,
            Region = Has(0) ? Region(0) : null,
            Shell = new ShellDefaults { Region = Has(1) ? Region(1) : null },
            ProfileName = Has(2) ? "named" : null,
        });

        Assert.Equal(Region(strongest), region);
    }

    [Fact]
    public void The_profile_that_aws_profile_names_is_weaker_than_aws_region()
    {
        using AwsHome home = new();
        home.Config("[profile dev]\nregion=eu-west-1\n").Variable("AWS_PROFILE", "dev");

        string fromProfile = Resolve(new AwsOptions { Environment = home.Environment });
        home.Variable("AWS_REGION", "eu-west-2");
        string fromVariable = Resolve(new AwsOptions { Environment = home.Environment });

        Assert.Equal(("eu-west-1", "eu-west-2"), (fromProfile, fromVariable));
    }

    [Fact]
    public void No_region_anywhere_is_an_error_that_says_where_to_put_one()
    {
        using AwsHome home = new();

        EngineException error = Assert.Throws<EngineException>(
            () => Resolve(new AwsOptions { Environment = home.Environment }));

        Assert.Equal(("NoRegion", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
        Assert.Contains("-Region", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eu-central-1")]
    [InlineData("us-gov-west-1")]
    [InlineData("us-isob-east-1")]
    [InlineData("eusc-de-east-1")]
    [InlineData("ap-southeast-12")]
    public void Names_of_the_usual_form_are_taken_even_when_they_are_new(string name)
    {
        Assert.Equal(name, Resolve(new AwsOptions { Region = name }));
    }

    [Theory]
    [InlineData("eu-central-1a")]
    [InlineData("EU-Central-1")]
    [InlineData("frankfurt")]
    [InlineData("eu-central-1.evil.example/")]
    [InlineData("eu-central-1\n")]
    [InlineData("eu-central-1 ")]
    [InlineData("@evil-host-1")]
    [InlineData("")]
    public void What_is_no_region_is_refused_before_it_reaches_a_host_name(string name)
    {
        EngineException error = Assert.Throws<EngineException>(() => Resolve(new AwsOptions { Region = name }));

        Assert.Equal(("InvalidRegion", name), (error.ErrorId, error.Target));
    }

    [Theory]
    [InlineData("eu-central-1", "aws")]
    [InlineData("cn-north-1", "aws-cn")]
    [InlineData("us-gov-east-1", "aws-us-gov")]
    [InlineData("us-iso-west-1", "aws-iso")]
    [InlineData("us-isob-west-1", "aws-iso-b")]
    [InlineData("us-isof-east-1", "aws-iso-f")]
    [InlineData("eu-isoe-west-1", "aws-iso-e")]
    [InlineData("eusc-de-east-1", "aws-eusc")]
    public void A_region_tells_its_partition(string region, string partition)
    {
        Assert.Equal(partition, AwsPartition.Of(region).Name);
    }

    private static string Resolve(AwsOptions options) => RegionResolver.Resolve(AwsSettings.Load(options));
}
