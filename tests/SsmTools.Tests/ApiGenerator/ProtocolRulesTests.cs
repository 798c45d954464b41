using SsmTools.ApiGenerator;
using SsmTools.ApiGenerator.Model;
using Xunit;

namespace SsmTools.Tests.ApiGenerator;

public sealed class ProtocolRulesTests
{
    [Theory]
    [InlineData("json", "theThing", "State", "part")]
    [InlineData("query", "theThing", "State", "part")]
    [InlineData("ec2", "TheThing", "State", "PartQ")]
    public void Names_in_requests_follow_the_protocol(string protocol, params string[] names)
    {
        ServiceModel model = TinyModel.Read(protocol);
        ProtocolRules rules = new(model);

        Assert.Equal(names, model.Shapes["Thing"].Members.Select(rules.RequestName));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("query")]
    [InlineData("ec2")]
    public void Names_in_responses_are_the_models_own(string protocol)
    {
        ServiceModel model = TinyModel.Read(protocol);

        Assert.Equal(["theThing", "State", "part"], model.Shapes["Thing"].Members.Select(new ProtocolRules(model).ResponseName));
    }

    [Theory]
    [InlineData("query", "name", null)]
    [InlineData("ec2", null, null)]
    public void Only_the_query_protocol_puts_a_word_before_the_number(string protocol, string? names, string? flat)
    {
        ServiceModel model = TinyModel.Read(protocol);
        ProtocolRules rules = new(model);

        Assert.Equal(names, rules.ListInfix(model.Shapes["Names"]));
        Assert.Equal(flat, rules.ListInfix(model.Shapes["Flat"]));
    }

    [Theory]
    [InlineData("StartThing", true)]
    [InlineData("CreateThing", false)]
    [InlineData("GetThing", false)]
    [InlineData("Ping", false)]
    public void Calls_that_could_do_their_work_twice_are_sent_once_unless_a_token_guards_them(string operation, bool once)
    {
        ServiceModel model = TinyModel.Read("json");

        Assert.Equal(once, new ProtocolRules(model).MustBeSentOnce(model.Operations[operation]));
    }
}
