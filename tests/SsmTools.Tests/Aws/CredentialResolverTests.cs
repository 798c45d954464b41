using Amazon.Runtime;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Aws;

[Trait("Category", "Windows")]
public sealed class CredentialResolverTests
{
    /// <summary>Where keys can stand, from the strongest place to the weakest.</summary>
    private static readonly string[] s_places =
        ["parameters", "named profile", "shell keys", "shell profile", "variables", "AWS_PROFILE", "default profile"];

    public static TheoryData<int> Places { get; } = new(Enumerable.Range(0, s_places.Length));

    [Theory]
    [MemberData(nameof(Places))]
    public void The_strongest_place_that_has_any_wins(int strongest)
    {
        using AwsHome home = new();
        string Key(int place) => $"KEY{place}";
        string? When(int place, string value) => place >= strongest ? value : null;
        string Profile(string name, int place) =>
            $"[{name}]\naws_access_key_id = {Key(place)}\naws_secret_access_key = s\n";
        home.Credentials(Profile("named", 1) + Profile("shell", 3) + Profile("variable", 5) + Profile("default", 6));
        if (When(4, Key(4)) is { } key)
        {
            home.Variable("AWS_ACCESS_KEY_ID", key).Variable("AWS_SECRET_ACCESS_KEY", "s");
        }

        if (When(5, "variable") is { } profile)
        {
            home.Variable("AWS_PROFILE", profile);
        }

        ImmutableCredentials found = Resolve(new AwsOptions
        {
            Environment = home.Environment,
            AccessKey = When(0, Key(0)),
            SecretKey = When(0, "s"),
            ProfileName = When(1, "named"),
            Shell = new ShellDefaults
            {
                AccessKey = When(2, Key(2)),
                SecretKey = When(2, "s"),
                ProfileName = When(3, "shell"),
            },
        });

        Assert.Equal(Key(strongest), found.AccessKey);
    }

    [Fact]
    public void Temporary_keys_keep_their_token()
    {
        using AwsHome home = new();
        home.Variable("AWS_ACCESS_KEY_ID", "K").Variable("AWS_SECRET_ACCESS_KEY", "s").Variable("AWS_SESSION_TOKEN", "t");

        ImmutableCredentials found = Resolve(new AwsOptions { Environment = home.Environment });

        Assert.Equal(("K", "s", "t"), (found.AccessKey, found.SecretKey, found.Token));
    }

    [Theory]
    [InlineData("K", null, null)]
    [InlineData(null, "s", null)]
    [InlineData(null, null, "t")]
    [InlineData("K", null, "t")]
    public void Incomplete_keys_are_an_error_and_nothing_else_is_tried(string? key, string? secret, string? token)
    {
        using AwsHome home = new();
        home.Variable("AWS_ACCESS_KEY_ID", "K").Variable("AWS_SECRET_ACCESS_KEY", "s");

        EngineException error = Fail(new AwsOptions
        {
            Environment = home.Environment, AccessKey = key, SecretKey = secret, SessionToken = token,
        });

        Assert.Equal(("PartialCredentials", ErrorKind.AuthenticationError), (error.ErrorId, error.Kind));
    }

    [Fact]
    public void Incomplete_variables_are_an_error_too()
    {
        using AwsHome home = new();
        home.Variable("AWS_ACCESS_KEY_ID", "K");

        Assert.Equal("PartialCredentials", Fail(new AwsOptions { Environment = home.Environment }).ErrorId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_named_profile_that_is_missing_is_never_passed_over(bool inShell)
    {
        using AwsHome home = new();
        home.Credentials("[default]\naws_access_key_id=K\naws_secret_access_key=s\n")
            .Variable("AWS_ACCESS_KEY_ID", "K").Variable("AWS_SECRET_ACCESS_KEY", "s");

        EngineException error = Fail(new AwsOptions
        {
            Environment = home.Environment,
            ProfileName = inShell ? null : "lost",
            Shell = new ShellDefaults { ProfileName = inShell ? "lost" : null },
        });

        Assert.Equal(("ProfileNotFound", "lost"), (error.ErrorId, error.Target));
        Assert.Contains("'lost'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_profile_in_aws_profile_is_an_error_unless_there_are_keys()
    {
        using AwsHome home = new();
        home.Variable("AWS_PROFILE", "lost");

        Assert.Equal("ProfileNotFound", Fail(new AwsOptions { Environment = home.Environment }).ErrorId);
        Assert.Equal(
            "K", Resolve(new AwsOptions { Environment = home.Environment, AccessKey = "K", SecretKey = "s" }).AccessKey);
    }

    [Fact]
    public void A_named_profile_without_credentials_is_an_error_but_a_default_one_is_not_looked_at_further()
    {
        using AwsHome home = new();
        home.Config("[default]\nregion=eu-west-1\n[profile plain]\nregion=eu-west-1\n");

        EngineException named = Fail(new AwsOptions { Environment = home.Environment, ProfileName = "plain" });
        EngineException none = Fail(new AwsOptions { Environment = home.Environment });

        Assert.Equal(("ProfileWithoutCredentials", "plain"), (named.ErrorId, named.Target));
        Assert.Equal("CredentialsNotFound", none.ErrorId);
    }

    [Fact]
    public async Task A_profile_whose_single_sign_on_has_run_out_says_how_to_sign_in()
    {
        using AwsHome home = new();
        home.Config(
            """
            [profile work]
            sso_session = corp
            sso_account_id = 123456789012
            sso_role_name = Admin
            region = eu-west-1
            [sso-session corp]
            sso_start_url = https://ssmtools-test.invalid/start
            sso_region = eu-west-1
            """);

        AWSCredentials credentials = Find(new AwsOptions { Environment = home.Environment, ProfileName = "work" });
        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => credentials.GetCredentialsAsync().WaitAsync(TestTimeout.Token));

        Assert.Equal(("SsoLoginRequired", ErrorKind.AuthenticationError), (error.ErrorId, error.Kind));
        Assert.Contains("aws sso login --profile work", error.Recommendation, StringComparison.Ordinal);
        Assert.Contains("Invoke-AWSSSOLogin", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sign_in_error_reaches_the_caller_of_a_service()
    {
        using AwsHome home = new();
        home.Config(
            "[profile work]\nsso_start_url=https://ssmtools-test.invalid/start\nsso_region=eu-west-1\n"
            + "sso_account_id=123456789012\nsso_role_name=Admin\nregion=eu-west-1\n");
        await using AwsStub stub = new();
        using AwsContext aws = AwsContext.Create(
            new AwsOptions { Environment = home.Environment, ProfileName = "work", EndpointUrl = stub.Address });

        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => aws.Sts.GetCallerIdentityAsync(
            new Engine.Aws.Sts.GetCallerIdentityRequest(), TestTimeout.Token));

        Assert.Equal("SsoLoginRequired", AwsErrors.Translate(thrown, null).ErrorId);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public void A_role_whose_source_profile_is_missing_is_an_unusable_profile()
    {
        using AwsHome home = new();
        home.Config("[profile role]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=lost\n");

        EngineException error = Fail(new AwsOptions { Environment = home.Environment, ProfileName = "role" });

        Assert.Equal(("ProfileUnusable", "role"), (error.ErrorId, error.Target));
    }

    [Fact]
    public async Task A_credential_process_is_run()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using AwsHome home = new();
        home.Write("keys.json", """{"Version":1,"AccessKeyId":"K","SecretAccessKey":"s","SessionToken":"t"}""");
        home.Config($"[profile tool]\ncredential_process = cat {home.Path}/keys.json\n");

        AWSCredentials credentials = Find(new AwsOptions { Environment = home.Environment, ProfileName = "tool" });

        Assert.Equal("K", (await credentials.GetCredentialsAsync().WaitAsync(TestTimeout.Token)).AccessKey);
    }

    [Fact]
    public async Task A_metadata_service_that_does_not_answer_is_waited_for_no_longer_than_a_second()
    {
        // The clock moves only when the question has arrived, and nobody asks twice.
        ManualTimeProvider time = new();
        await using AwsStub stub = new();
        stub.Then(async (_, token) =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            throw new NotSupportedException();
        });
        using AwsHome home = new();
        home.Variables.Remove("AWS_EC2_METADATA_DISABLED");
        home.Variable("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.Address);

        EngineException error = Fail(new AwsOptions { Environment = home.Environment }, time);

        Assert.Equal("CredentialsNotFound", error.ErrorId);
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task A_metadata_service_that_is_switched_off_is_not_asked()
    {
        await using AwsStub stub = new();
        using AwsHome home = new();
        home.Variable("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.Address);

        Assert.Equal("CredentialsNotFound", Fail(new AwsOptions { Environment = home.Environment }).ErrorId);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public void Options_and_profiles_print_no_secret()
    {
        AwsOptions options = new()
        {
            AccessKey = "AKIA",
            SecretKey = "hidden-one",
            SessionToken = "hidden-two",
            Shell = new ShellDefaults { SecretKey = "hidden-three", SessionToken = "hidden-four" },
        };

        Assert.DoesNotContain("hidden", $"{options} {options.Shell}", StringComparison.Ordinal);
    }

    private static AWSCredentials Find(AwsOptions options, TimeProvider? time = null) =>
        CredentialResolver.Resolve(AwsSettings.Load(options), "eu-west-1", time ?? TimeProvider.System);

    private static ImmutableCredentials Resolve(AwsOptions options) => Find(options).GetCredentials();

    private static EngineException Fail(AwsOptions options, TimeProvider? time = null) =>
        Assert.Throws<EngineException>(() => Find(options, time).GetCredentials());
}
