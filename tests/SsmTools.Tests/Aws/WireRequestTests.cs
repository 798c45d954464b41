using System.Text;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Runtime;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Aws.Sts;
using SsmTools.Sandbox.Http;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Aws;

/// <summary>What goes over the wire, as fixed text for each protocol.</summary>
public sealed class WireRequestTests
{
    [Fact]
    public async Task Json_requests_name_the_operation_in_a_header_and_leave_out_what_is_not_set()
    {
        HttpRequest request = await SendAsync("{}", aws => aws.Ssm.StartSessionAsync(
            new StartSessionRequest
            {
                Target = "i-0a1",
                Parameters = { ["portNumber"] = ["22", "\u00e9\""], ["none"] = [] },
            },
            TestTimeout.Token));

        Assert.Equal("POST", request.Method);
        Assert.Equal("/", request.RawTarget);
        Assert.Equal("AmazonSSM.StartSession", request.Headers["X-Amz-Target"]);
        Assert.Equal("application/x-amz-json-1.1", request.Headers["Content-Type"]);
        Assert.Equal(
            """{"Target":"i-0a1","Parameters":{"portNumber":["22","\u00E9\u0022"],"none":[]}}""", Body(request));
    }

    [Fact]
    public async Task Json_members_keep_their_lower_case_names()
    {
        HttpRequest request = await SendAsync("{}", aws => aws.Ssm.DescribeInstanceInformationAsync(
            new DescribeInstanceInformationRequest
            {
                MaxResults = 50,
                Filters = { new InstanceInformationStringFilter { Key = "InstanceIds", Values = { "i-1", "i-2" } } },
                InstanceInformationFilterList = { new InstanceInformationFilter { Key = "PingStatus", ValueSet = { "Online" } } },
            },
            TestTimeout.Token));

        Assert.Equal(
            """{"InstanceInformationFilterList":[{"key":"PingStatus","valueSet":["Online"]}],""" + """
            "Filters":[{"Key":"InstanceIds","Values":["i-1","i-2"]}],"MaxResults":50}
            """,
            Body(request));
    }

    [Fact]
    public async Task Query_lists_carry_the_word_member_and_a_number()
    {
        HttpRequest request = await SendAsync("<CreateRoleResponse/>", aws => aws.Iam.CreateRoleAsync(
            new CreateRoleRequest
            {
                RoleName = "web",
                AssumeRolePolicyDocument = """{"a b":"+"}""",
                MaxSessionDuration = 3600,
                Tags = { new SsmTools.Engine.Aws.Iam.Tag { Key = "SsmTools", Value = "" }, new SsmTools.Engine.Aws.Iam.Tag { Key = "k" } },
            },
            TestTimeout.Token));

        Assert.StartsWith("application/x-www-form-urlencoded", request.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(
            "Action=CreateRole&AssumeRolePolicyDocument=%7B%22a%20b%22%3A%22%2B%22%7D&MaxSessionDuration=3600&RoleName=web"
            + "&Tags.member.1.Key=SsmTools&Tags.member.1.Value=&Tags.member.2.Key=k&Version=2010-05-08",
            Body(request));
    }

    [Fact]
    public async Task Ec2_lists_are_flat_and_names_begin_with_a_capital_letter()
    {
        HttpRequest request = await SendAsync("<RunInstancesResponse/>", aws => aws.Ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                ClientToken = "t",
                ImageId = "ami-1",
                MinCount = 1,
                EbsOptimized = false,
                UserData = "#!/bin/sh\n\u00e9",
                MetadataOptions = new InstanceMetadataOptionsRequest { HttpTokens = "required", HttpPutResponseHopLimit = 64 },
                NetworkInterfaces =
                {
                    new InstanceNetworkInterfaceSpecification
                    {
                        DeviceIndex = 0,
                        Groups = { "sg-1", "sg-2" },
                        PrivateIpAddresses = { new PrivateIpAddressSpecification { Primary = true } },
                    },
                },
                TagSpecifications =
                {
                    new TagSpecification
                    {
                        ResourceType = SsmTools.Engine.Aws.Ec2.ResourceType.Volume,
                        Tags = { new SsmTools.Engine.Aws.Ec2.Tag { Key = "Name", Value = "a&b" } },
                    },
                },
            },
            TestTimeout.Token));

        Assert.Equal(
            "Action=RunInstances&ClientToken=t&EbsOptimized=false&ImageId=ami-1&MetadataOptions.HttpPutResponseHopLimit=64"
            + "&MetadataOptions.HttpTokens=required&MinCount=1&NetworkInterface.1.DeviceIndex=0"
            + "&NetworkInterface.1.PrivateIpAddresses.1.Primary=true&NetworkInterface.1.SecurityGroupId.1=sg-1"
            + "&NetworkInterface.1.SecurityGroupId.2=sg-2&TagSpecification.1.ResourceType=volume"
            + "&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=a%26b"
            + "&UserData=IyEvYmluL3NoCsOp&Version=2016-11-15",
            Body(request));
    }

    [Fact]
    public async Task A_launch_without_a_client_token_gets_one_and_repeats_it()
    {
        await using AwsStub stub = new();
        stub.Then(503, "<html/>").Then(200, "<RunInstancesResponse/>");
        using AwsContext aws = stub.Connect();

        await aws.Ec2.RunInstancesAsync(new RunInstancesRequest(), TestTimeout.Token);

        string[] bodies = stub.Requests.Select(Body).ToArray();
        Assert.Equal(2, bodies.Length);
        Assert.Equal(bodies[0], bodies[1]);
        Assert.Matches("ClientToken=[0-9a-f-]{36}&", bodies[0]);
    }

    [Theory]
    [InlineData("eu-central-1", "eu-central-1", "us-east-1")]
    [InlineData("cn-northwest-1", "cn-northwest-1", "cn-north-1")]
    [InlineData("us-gov-east-1", "us-gov-east-1", "us-gov-west-1")]
    public async Task Requests_are_signed_for_the_region_and_those_to_iam_for_its_own(string region, string sts, string iam)
    {
        await using AwsStub stub = new();
        stub.Then(200, "<GetCallerIdentityResponse/>").Then(200, "<DeleteRoleResponse/>");
        using AwsContext aws = stub.Connect(region: region);

        await aws.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), TestTimeout.Token);
        await aws.Iam.DeleteRoleAsync(new DeleteRoleRequest { RoleName = "web" }, TestTimeout.Token);

        string[] signatures = stub.Requests.Select(r => r.Headers["Authorization"]!).ToArray();
        Assert.Contains($"/{sts}/sts/aws4_request", signatures[0], StringComparison.Ordinal);
        Assert.Contains($"/{iam}/iam/aws4_request", signatures[1], StringComparison.Ordinal);
        Assert.All(stub.Requests, r => Assert.Equal("not-a-token", r.Headers["X-Amz-Security-Token"]));
    }

    [Fact]
    public void Maps_and_nested_lists_have_a_form_in_the_query_protocol_too()
    {
        Dictionary<string, string> fields = [];
        QueryWireWriter writer = new(fields);

        writer.PutMap("M", new Dictionary<string, List<string>> { ["a"] = ["x", "y"] }, static (w, n, v) =>
            w.WriteList(n + ".member", v, static (w, n, v) => w.Put(n, v)));
        writer.Put("T", new DateTime(2026, 11, 22, 1, 2, 3, DateTimeKind.Utc));
        writer.Put("B", [0xfb]);
        writer.Put("D", 0.5);

        Assert.Equal(
            [
                "B=+w==",
                "D=0.5",
                "M.entry.1.key=a",
                "M.entry.1.value.member.1=x",
                "M.entry.1.value.member.2=y",
                "T=2026-11-22T01:02:03Z",
            ],
            fields.Select(f => $"{f.Key}={f.Value}").Order(StringComparer.Ordinal));
    }

    private static string Body(HttpRequest request) => Encoding.UTF8.GetString(request.Body);

    private static async Task<HttpRequest> SendAsync(string answer, Func<AwsContext, Task> call)
    {
        await using AwsStub stub = new();
        stub.Then(200, answer);
        using AwsContext aws = stub.Connect();
        await call(aws);
        return Assert.Single(stub.Requests);
    }
}
