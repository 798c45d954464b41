using SsmTools.Engine.Aws;
using SsmTools.Engine.Choosing;
using Xunit;

namespace SsmTools.Tests.Choosing;

public sealed class CallerKeyTests
{
    [Fact]
    public void The_same_caller_has_the_same_key() => Assert.Equal(KeyOf(new AwsOptions()), KeyOf(new AwsOptions()));

    [Fact]
    public void Whatever_decides_whom_is_asked_as_whom_changes_the_key()
    {
        string[] keys =
        [
            KeyOf(new AwsOptions()),
            KeyOf(new AwsOptions { Region = "eu-west-1" }),
            KeyOf(new AwsOptions { ProfileName = "eu-west-1" }),
            KeyOf(new AwsOptions { ProfileLocation = "a" }),
            KeyOf(new AwsOptions { EndpointUrl = "a" }),
            KeyOf(new AwsOptions { AccessKey = "a" }),
            KeyOf(new AwsOptions { SecretKey = "a" }),
            KeyOf(new AwsOptions { SessionToken = "a" }),
            KeyOf(new AwsOptions { Shell = new ShellDefaults { Region = "eu-west-1" } }),
            KeyOf(new AwsOptions { Shell = new ShellDefaults { ProfileName = "a" } }),
            KeyOf(new AwsOptions { Shell = new ShellDefaults { AccessKey = "a" } }),
            KeyOf(new AwsOptions(), ("AWS_REGION", "eu-west-1")),
            KeyOf(new AwsOptions(), ("AWS_PROFILE", "a")),
            KeyOf(new AwsOptions(), ("AWS_ACCESS_KEY_ID", "a")),
            KeyOf(new AwsOptions(), ("AWS_ENDPOINT_URL", "a")),
            CallerKey.Of(new AwsOptions { Environment = new AwsEnvironment(_ => null, "/none") }, "another"),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void It_shows_no_secret() =>
        Assert.DoesNotContain("hush", KeyOf(new AwsOptions { AccessKey = "AKID", SecretKey = "hush" }), StringComparison.Ordinal);

    private static string KeyOf(AwsOptions options, params (string Name, string Value)[] variables) => CallerKey.Of(options with
    {
        Environment = new AwsEnvironment(name => variables.FirstOrDefault(one => one.Name == name).Value, "/none"),
    });
}
