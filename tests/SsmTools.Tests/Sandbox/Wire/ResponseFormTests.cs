using System.Text.Json.Nodes;
using System.Xml.Linq;
using SsmTools.Sandbox.Wire;
using Xunit;

namespace SsmTools.Tests.Sandbox.Wire;

public sealed class ResponseFormTests
{
    private readonly SandboxAccount _account = new();

    [Fact]
    public void Query_answers_are_wrapped_in_result_and_metadata()
    {
        ApiReply reply = _account.Query("iam", "CreateRole", "RoleName", "web", "AssumeRolePolicyDocument", SandboxAccount.Ec2Trust).Ok();
        XNamespace ns = "https://iam.amazonaws.com/doc/2010-05-08/";
        Assert.Equal(ns + "CreateRoleResponse", reply.Xml.Name);
        Assert.Equal("web", reply.Xml.Element(ns + "CreateRoleResult")!.Element(ns + "Role")!.Element(ns + "RoleName")!.Value);
        Assert.Equal(reply.Headers["x-amzn-RequestId"], reply.Xml.Element(ns + "ResponseMetadata")!.Element(ns + "RequestId")!.Value);
        Assert.Equal("2026-11-22T08:00:00Z", reply.Value("CreateDate"));
        Assert.Equal(Uri.EscapeDataString(SandboxAccount.Ec2Trust), reply.Value("AssumeRolePolicyDocument"));
        Assert.DoesNotContain("+", reply.Value("AssumeRolePolicyDocument"), StringComparison.Ordinal);
    }

    [Fact]
    public void Query_errors_say_whose_fault_it_was()
    {
        ApiReply reply = _account.Query("iam", "GetRole", "RoleName", "web").Refused("NoSuchEntity", 404);
        Assert.Equal("ErrorResponse", reply.Xml.Name.LocalName);
        Assert.Equal("Sender", reply.Value("Type"));
        Assert.Equal(reply.Headers["x-amzn-RequestId"], reply.Value("RequestId"));
    }

    [Fact]
    public void Ec2_answers_have_the_request_id_first_and_items_in_sets()
    {
        ApiReply reply = _account.Query("ec2", "DescribeVpcs").Ok();
        XNamespace ns = "http://ec2.amazonaws.com/doc/2016-11-15/";
        Assert.Equal(ns + "DescribeVpcsResponse", reply.Xml.Name);
        Assert.Equal(ns + "requestId", reply.Xml.Elements().First().Name);
        Assert.Equal(_account.World.Seed.Vpc.Id, reply.Xml.Element(ns + "vpcSet")!.Element(ns + "item")!.Element(ns + "vpcId")!.Value);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", _account.Launch().Ok().Value("launchTime"));
    }

    [Fact]
    public void Ec2_says_true_where_there_is_nothing_else_to_say()
    {
        ApiReply reply = _account.Query(
            "ec2", "CreateTags", "ResourceId.1", _account.Isolated, "Tag.1.Key", "a", "Tag.1.Value", "b").Ok();
        Assert.Equal("true", reply.Value("return"));
    }

    [Fact]
    public void Ec2_errors_have_a_form_of_their_own()
    {
        ApiReply reply = _account.Query("ec2", "DescribeVpcs", "VpcId.1", "vpc-0123456789abcdef0").Refused("InvalidVpcID.NotFound");
        Assert.Equal("Response", reply.Xml.Name.ToString());
        Assert.Equal(reply.Headers["x-amzn-RequestId"], reply.Xml.Element("RequestID")!.Value);
    }

    [Fact]
    public void Json_answers_have_times_in_seconds()
    {
        JsonObject input = new() { ["Name"] = "/aws/service/debian/release/12/latest/amd64" };
        ApiReply reply = _account.Json("GetParameter", input).Ok();
        Assert.Equal("application/x-amz-json-1.1", reply.Headers["Content-Type"]);
        Assert.Equal(1793210673.0, reply.Json["Parameter"]!["LastModifiedDate"]!.GetValue<double>());
    }

    [Fact]
    public void What_xml_cannot_hold_is_replaced()
    {
        _account.Query("ec2", "CreateTags", "ResourceId.1", _account.Isolated, "Tag.1.Key", "a", "Tag.1.Value", "x\u0001y\uFFFE<&>").Ok();
        ApiReply reply = _account.Query("ec2", "DescribeTags", "Filter.1.Name", "key", "Filter.1.Value.1", "a").Ok();
        Assert.Equal("x\uFFFDy\uFFFD<&>", reply.Value("value"));
    }

    [Fact]
    public void An_answer_that_the_model_does_not_know_is_a_mistake_of_ours()
    {
        ServiceModel model = ServiceModel.Load("sts");
        Assert.Throws<InvalidOperationException>(() => new XmlResponseWriter(model).Write(
            model.Operations["GetCallerIdentity"], new JsonObject { ["Acount"] = "1" }, "id"));
    }
}
