using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class RoleRulesTests
{
    [Theory]
    [InlineData("web")]
    [InlineData("Web_1+=,.@-")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123")]
    public void Names_that_iam_takes(string name)
    {
        RoleRules.Check(new RoleRequest { Name = name });
    }

    [Theory]
    [InlineData("")]
    [InlineData("my role")]
    [InlineData("röle")]
    [InlineData("a/b")]
    [InlineData("web\n")]
    [InlineData("a1234567890123456789012345678901234567890123456789012345678901234")]
    public void Names_that_iam_refuses(string name)
    {
        EngineException error = Assert.Throws<EngineException>(() => RoleRules.Check(new RoleRequest { Name = name }));

        Assert.Equal("RoleNameInvalid", error.ErrorId);
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Equal(name, error.Target);
        Assert.NotNull(error.Recommendation);
    }

    [Fact]
    public void A_profile_may_have_twice_the_length()
    {
        RoleRules.Check(new RoleRequest { Name = "web", InstanceProfileName = new string('p', 128) });

        EngineException error = Assert.Throws<EngineException>(
            () => RoleRules.Check(new RoleRequest { Name = "web", InstanceProfileName = new string('p', 129) }));
        Assert.Equal("InstanceProfileNameInvalid", error.ErrorId);
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/ops/", true)]
    [InlineData("ops", false)]
    [InlineData("/ops", false)]
    [InlineData("", false)]
    public void Paths_begin_and_end_with_a_slash(string path, bool good)
    {
        Exception? error = Record.Exception(() => RoleRules.Check(new RoleRequest { Name = "web", Path = path }));

        Assert.Equal(good ? null : "PathInvalid", (error as EngineException)?.ErrorId);
    }

    [Theory]
    [InlineData("SsmTools")]
    [InlineData("ssmtools:Image")]
    [InlineData("aws:cloudformation:stack-name")]
    [InlineData("")]
    public void Reserved_and_empty_tags_are_refused(string key)
    {
        RoleRequest request = new() { Name = "web", Tags = new Dictionary<string, string> { [key] = "x" } };

        Assert.Equal("TagInvalid", Assert.Throws<EngineException>(() => RoleRules.Check(request)).ErrorId);
    }
}
