using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Aws;

public sealed class ProfileFilesTests
{
    [Fact]
    public void Both_files_make_one_profile_and_the_credentials_file_has_the_last_word()
    {
        using AwsHome home = new();
        home.Config("[profile a]\nregion = eu-west-1\naws_access_key_id = from-config\n")
            .Credentials("[a]\naws_access_key_id = from-credentials\n");

        IReadOnlyDictionary<string, string> profile = ProfileFiles.Load(home.Environment, null).Profile("a")!;

        Assert.Equal("eu-west-1", profile["region"]);
        Assert.Equal("from-credentials", profile["aws_access_key_id"]);
    }

    [Fact]
    public void Comments_spaces_and_odd_lines_do_no_harm()
    {
        using AwsHome home = new();
        home.Config(
            "stray = line\n# comment\n; comment\n[  profile   my dev  ] ; tail\n\tRegion =eu-west-1 # here\n"
            + "no equals sign\n=no key\nsecret = a#b=c==\n[default]\r\nregion=eu-west-2\r\n[broken\nx=1\n");

        ProfileFiles files = ProfileFiles.Load(home.Environment, null);

        Assert.Equal("eu-west-1", files.Profile("my dev")!["region"]);
        Assert.Equal("a#b=c==", files.Profile("my dev")!["secret"]);
        Assert.Equal("eu-west-2", files.Profile("default")!["region"]);
        Assert.Null(files.Profile("broken"));
        Assert.Null(files.Profile("stray"));
    }

    [Fact]
    public void Sections_of_the_config_file_that_are_no_profiles_are_none()
    {
        using AwsHome home = new();
        home.Config("[other]\nregion=eu-west-1\n[sso-session s]\nsso_region = eu-west-3\n");

        ProfileFiles files = ProfileFiles.Load(home.Environment, null);

        Assert.Null(files.Profile("other"));
        Assert.Equal("eu-west-3", files.Section("sso-session", "s")["sso_region"]);
        Assert.Empty(files.Section("sso-session", "t"));
    }

    [Fact]
    public void Variables_say_where_the_files_are()
    {
        using AwsHome home = new();
        home.Write("x/c", "[profile a]\nregion = eu-west-1\n").Write("x/k", "[a]\naws_access_key_id = K\n")
            .Variable("AWS_CONFIG_FILE", "~/x/c")
            .Variable("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(home.Path, "x/k"));

        IReadOnlyDictionary<string, string> profile = ProfileFiles.Load(home.Environment, null).Profile("a")!;

        Assert.Equal(("eu-west-1", "K"), (profile["region"], profile["aws_access_key_id"]));
    }

    [Theory]
    [InlineData("place")]
    [InlineData("place/credentials")]
    public void A_location_is_a_folder_or_the_credentials_file_in_it(string location)
    {
        using AwsHome home = new();
        home.Write("place/credentials", "[a]\naws_access_key_id = K\n").Write("place/config", "[profile a]\nregion = eu-west-1\n")
            .Credentials("[b]\naws_access_key_id = B\n");

        ProfileFiles files = ProfileFiles.Load(home.Environment, Path.Combine(home.Path, location));

        Assert.Equal("K", files.Profile("a")!["aws_access_key_id"]);
        Assert.Equal("eu-west-1", files.Profile("a")!["region"]);
        Assert.Null(files.Profile("b"));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error_that_names_it()
    {
        using AwsHome home = new();
        string file = Path.Combine(home.Path, "locked");
        using FileStream held = new(file, FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        EngineException error = Assert.Throws<EngineException>(() => ProfileFiles.Load(home.Environment, file));

        Assert.Equal(("ProfileFileUnreadable", file), (error.ErrorId, error.Target));
    }
}
