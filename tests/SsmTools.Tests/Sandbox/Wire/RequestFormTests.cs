using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using Xunit;

namespace SsmTools.Tests.Sandbox.Wire;

public sealed class RequestFormTests
{
    private readonly SandboxAccount _account = new();

    [Fact]
    public void Query_lists_count_from_their_numbers_whatever_their_order()
    {
        OperationModel operation = ServiceModel.Load("iam").Operations["CreateRole"];
        JsonObject read = new FormRequestReader(WireProtocol.Query).Read(
            operation,
            [
                KeyValuePair.Create("Tags.member.2.Key", "b"), KeyValuePair.Create("Tags.member.10.Key", "c"),
                KeyValuePair.Create("Tags.member.1.Key", "a"), KeyValuePair.Create("RoleName", "web"),
            ]);
        Assert.Equal("""{"RoleName":"web","Tags":[{"Key":"a"},{"Key":"b"},{"Key":"c"}]}""", read.ToJsonString());
    }

    [Fact]
    public void Ec2_lists_are_flat_and_names_are_those_of_the_wire()
    {
        OperationModel operation = ServiceModel.Load("ec2").Operations["RunInstances"];
        JsonObject read = new FormRequestReader(WireProtocol.Ec2).Read(
            operation,
            [
                KeyValuePair.Create("MinCount", "1"), KeyValuePair.Create("SecurityGroupId.1", "sg-1"),
                KeyValuePair.Create("TagSpecification.1.ResourceType", "instance"), KeyValuePair.Create("TagSpecification.1.Tag.1.Key", "Name"),
                KeyValuePair.Create("MetadataOptions.HttpTokens", "required"), KeyValuePair.Create("IamInstanceProfile.Name", "web"),
            ]);
        Assert.Equal(
            """{"MinCount":1,"SecurityGroupIds":["sg-1"],"TagSpecifications":[{"ResourceType":"instance","Tags":[{"Key":"Name"}]}]"""
                + ""","MetadataOptions":{"HttpTokens":"required"},"IamInstanceProfile":{"Name":"web"}}""",
            read.ToJsonString());
    }

    [Fact]
    public void An_empty_list_in_the_query_protocol_is_a_list_without_items()
    {
        OperationModel operation = ServiceModel.Load("iam").Operations["CreateRole"];
        Assert.Equal("""{"Tags":[]}""", new FormRequestReader(WireProtocol.Query).Read(operation, [KeyValuePair.Create("Tags", "")]).ToJsonString());
    }

    [Fact]
    public void Ec2_names_parameters_that_it_does_not_know()
    {
        ApiReply reply = _account.Query("ec2", "DescribeVpcs", "VpcIds.1", "vpc-1").Refused("UnknownParameter");
        Assert.Equal("The parameter VpcIds is not recognized", reply.Message);
    }

    [Theory]
    [InlineData("MaxResults", "many")]
    [InlineData("DryRun", "perhaps")]
    public void Ec2_refuses_values_of_the_wrong_type(string name, string value)
    {
        _account.Query("ec2", "DescribeInstances", name, value).Refused("InvalidParameterValue");
    }

    [Fact]
    public void Ec2_says_which_parameter_is_missing()
    {
        ApiReply reply = _account.Query("ec2", "TerminateInstances").Refused("MissingParameter");
        Assert.Equal("The request must contain the parameter InstanceId", reply.Message);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"Target":7}""")]
    [InlineData("""{"Target":"i-1","Target":"i-2"}""")]
    [InlineData("""{"Target":"i-1","Parameters":[]}""")]
    [InlineData("""{"Target":{"a":1}}""")]
    [InlineData("\u0000")]
    public void Json_that_cannot_be_read_is_a_serialization_error(string body)
    {
        _account.Json(_account.Signer, "StartSession", body).Refused("SerializationException");
    }

    [Fact]
    public void Json_nested_a_thousand_deep_is_refused()
    {
        _account.Json(_account.Signer, "StartSession", new string('[', 1000) + new string(']', 1000)).Refused("SerializationException");
    }

    [Fact]
    public void Unknown_json_members_are_skipped()
    {
        _account.Json("DescribeSessions", new JsonObject { ["State"] = "Active", ["Other"] = 1 }).Ok();
    }

    [Theory]
    [InlineData("StartSession", "{}", "Value null at 'target' failed to satisfy constraint: Member must not be null")]
    [InlineData("StartSession", """{"Target":""}""", "Value '' at 'target' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    [InlineData("DescribeSessions", """{"State":"Old"}""", "Value 'Old' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [Active, History]")]
    [InlineData(
        "DescribeInstanceInformation", """{"MaxResults":51}""", "Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50")]
    [InlineData(
        "DescribeInstanceInformation", """{"Filters":[{"Key":"","Values":["a"]}]}""",
        "Value '' at 'filters.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    public void The_model_is_enforced_in_awss_words(string operation, string body, string message)
    {
        ApiReply reply = _account.Json(_account.Signer, operation, body).Refused("ValidationException");
        Assert.Equal($"1 validation error detected: {message}", reply.Message);
    }

    [Fact]
    public void Several_faults_are_told_together()
    {
        ApiReply reply = _account.Query("iam", "CreateRole").Refused("ValidationError");
        Assert.StartsWith("2 validation errors detected: Value null at 'roleName'", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_must_match_to_the_last_character()
    {
        _account.Query("iam", "GetRole", "RoleName", "web\n").Refused("ValidationError");
    }

    [Fact]
    public void Parameters_in_the_query_string_count_too()
    {
        HttpFormCheck("/?Action=GetCallerIdentity&Version=2011-06-15").Ok();
    }

    [Fact]
    public void Names_nested_without_end_are_refused()
    {
        _account.Query("iam", "GetRole", string.Join('.', Enumerable.Repeat("a", 500)), "x").Refused("MalformedInput");
    }

    private ApiReply HttpFormCheck(string target)
    {
        return _account.Send(_account.Signer.Sign("GET", target, "sts", Encoding.UTF8.GetBytes("")));
    }
}
