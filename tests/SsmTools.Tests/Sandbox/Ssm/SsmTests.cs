using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ssm;

public sealed class SsmTests
{
    private readonly SandboxAccount _account = new();

    [Theory]
    [InlineData("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", "x86_64")]
    [InlineData("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", "arm64")]
    [InlineData("/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2", "x86_64")]
    [InlineData("/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-arm64-gp2", "arm64")]
    [InlineData("/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id", "x86_64")]
    [InlineData("/aws/service/canonical/ubuntu/server/22.04/stable/current/arm64/hvm/ebs-gp2/ami-id", "arm64")]
    [InlineData("/aws/service/debian/release/12/latest/amd64", "x86_64")]
    [InlineData("/aws/service/ami-windows-latest/Windows_Server-2019-English-Full-Base", "x86_64")]
    [InlineData("/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base", "x86_64")]
    [InlineData("/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base", "x86_64")]
    public void Public_parameters_name_images_that_exist(string name, string architecture)
    {
        string image = _account.Json("GetParameter", new JsonObject { ["Name"] = name }).Ok().Json["Parameter"]!["Value"]!.GetValue<string>();
        Assert.Equal(architecture, _account.Query("ec2", "DescribeImages", "ImageId.1", image).Ok().Value("architecture"));
    }

    [Fact]
    public void Parameters_that_do_not_exist_are_told_apart()
    {
        _account.Json("GetParameter", new JsonObject { ["Name"] = "/none" }).Refused("ParameterNotFound");
        JsonObject names = new() { ["Names"] = new JsonArray("/none", "/aws/service/debian/release/12/latest/arm64") };
        JsonObject reply = _account.Json("GetParameters", names).Ok().Json;
        Assert.Equal("""["/none"]""", reply["InvalidParameters"]!.ToJsonString());
        Assert.Single(reply["Parameters"]!.AsArray());
    }

    [Fact]
    public void Parameters_by_path_come_in_pages_of_ten_at_most()
    {
        int count = 0;
        string? token = null;
        do
        {
            JsonObject input = new() { ["Path"] = "/aws/service", ["Recursive"] = true, ["NextToken"] = token };
            JsonObject page = _account.Json("GetParametersByPath", input).Ok().Json;
            Assert.InRange(page["Parameters"]!.AsArray().Count, 1, 10);
            count += page["Parameters"]!.AsArray().Count;
            token = page["NextToken"]?.GetValue<string>();
        }
        while (token is not null);

        Assert.Equal(_account.World.Images.Sum(image => image.Parameters.Count), count);
    }

    [Fact]
    public void Nodes_are_listed_once_registered_by_either_kind_of_filter()
    {
        InstanceRecord instance = _account.RunningInstance("web", "TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "Name", "TagSpecification.1.Tag.1.Value", "one");
        Assert.Empty(Nodes(new JsonObject()));
        _account.World.Register(instance, "3.3.3050.0");
        foreach (string filters in new[]
        {
            """{}""",
            """{"Filters":[{"Key":"ResourceType","Values":["EC2Instance"]}]}""",
            $$"""{"Filters":[{"Key":"InstanceIds","Values":["i-0123456789abcdef0","{{instance.Id}}"]}]}""",
            $$"""{"InstanceInformationFilterList":[{"key":"InstanceIds","valueSet":["{{instance.Id}}"]}]}""",
            """{"Filters":[{"Key":"PingStatus","Values":["Online"]},{"Key":"PlatformTypes","Values":["Linux"]}]}""",
            """{"Filters":[{"Key":"tag:Name","Values":["one"]}]}""",
        })
        {
            Assert.Equal(instance.Id, Assert.Single(Nodes(JsonNode.Parse(filters)!))!["InstanceId"]!.GetValue<string>());
        }

        Assert.Empty(Nodes(JsonNode.Parse("""{"Filters":[{"Key":"PingStatus","Values":["ConnectionLost"]}]}""")!));
        Assert.Empty(Nodes(JsonNode.Parse("""{"Filters":[{"Key":"ResourceType","Values":["ManagedInstance"]}]}""")!));
    }

    [Theory]
    [InlineData("""{"Filters":[{"Key":"Nonsense","Values":["x"]}]}""", "InvalidFilterKey")]
    [InlineData("""{"Filters":[{"Key":"InstanceIds","Values":["web"]}]}""", "InvalidInstanceId")]
    [InlineData("""{"Filters":[{"Key":"PingStatus","Values":["Up"]}]}""", "InvalidInstanceInformationFilterValue")]
    [InlineData("""{"NextToken":"x"}""", "InvalidNextToken")]
    [InlineData("""{"MaxResults":4}""", "ValidationException")]
    public void Bad_listings_of_nodes_are_refused(string input, string code)
    {
        _account.Json("DescribeInstanceInformation", JsonNode.Parse(input)!).Refused(code);
    }

    [Fact]
    public void Nodes_come_in_pages_each_once()
    {
        _account.RunningInstance("web", "MinCount", "23", "MaxCount", "23");
        foreach (InstanceRecord instance in _account.World.Instances.Values)
        {
            _account.World.Register(instance, "3.3.3050.0");
        }

        List<string> ids = [];
        List<int> sizes = [];
        string? token = null;
        do
        {
            JsonObject page = _account.Json("DescribeInstanceInformation", new JsonObject { ["MaxResults"] = 10, ["NextToken"] = token }).Ok().Json;
            JsonArray nodes = page["InstanceInformationList"]!.AsArray();
            sizes.Add(nodes.Count);
            ids.AddRange(nodes.Select(node => node!["InstanceId"]!.GetValue<string>()));
            token = page["NextToken"]?.GetValue<string>();
        }
        while (token is not null);

        Assert.Equal([10, 10, 3], sizes);
        Assert.Equal(23, ids.Distinct().Count());
    }

    [Fact]
    public void A_session_starts_is_listed_resumes_and_ends()
    {
        string target = Registered().Id;
        JsonObject started = _account.Json("StartSession", new JsonObject { ["Target"] = target, ["Reason"] = "why" }).Ok().Json;
        string id = started["SessionId"]!.GetValue<string>();
        Assert.Matches("^tester-0[0-9a-f]{16}$", id);
        Assert.Equal("token-1", started["TokenValue"]!.GetValue<string>());
        Assert.Contains(id, started["StreamUrl"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("Standard_Stream", Assert.Single(_account.Broker.Started).SessionType);

        JsonObject listed = Assert.Single(Sessions("Active"))!.AsObject();
        Assert.Equal((id, target, "why"), (listed["SessionId"]!.GetValue<string>(), listed["Target"]!.GetValue<string>(), listed["Reason"]!.GetValue<string>()));
        Assert.Equal(_account.Key.Principal.Arn, listed["Owner"]!.GetValue<string>());
        Assert.Equal("token-2", _account.Json("ResumeSession", new JsonObject { ["SessionId"] = id }).Ok().Json["TokenValue"]!.GetValue<string>());

        _account.Json("TerminateSession", new JsonObject { ["SessionId"] = id }).Ok();
        _account.Json("TerminateSession", new JsonObject { ["SessionId"] = id }).Ok();
        Assert.Equal([id], _account.Broker.Terminated);
        Assert.Empty(Sessions("Active"));
        Assert.Equal("Terminated", Assert.Single(Sessions("History"))!["Status"]!.GetValue<string>());
        Assert.Null(_account.Json("ResumeSession", new JsonObject { ["SessionId"] = id }).Ok().Json["TokenValue"]);
    }

    [Fact]
    public void Sessions_need_a_registered_and_connected_target()
    {
        _account.Json("StartSession", new JsonObject { ["Target"] = "i-0123456789abcdef0" }).Refused("TargetNotConnected");
        InstanceRecord instance = _account.RunningInstance();
        _account.Json("StartSession", new JsonObject { ["Target"] = instance.Id }).Refused("TargetNotConnected");
        _account.World.Register(instance, "3.3.3050.0");
        _account.Broker.Connected = false;
        ApiReply reply = _account.Json("StartSession", new JsonObject { ["Target"] = instance.Id }).Refused("TargetNotConnected");
        Assert.Equal($"{instance.Id} is not connected.", reply.Message);
        Assert.Equal("notconnected", Status(instance.Id));
        _account.Broker.Connected = true;
        Assert.Equal("connected", Status(instance.Id));
        Assert.Empty(_account.World.Sessions);
    }

    [Theory]
    [InlineData("Nonsense", "{}", "InvalidDocument")]
    [InlineData("AWS-StartInteractiveCommand", "{}", "InvalidParameters")]
    [InlineData("AWS-StartInteractiveCommand", """{"command":["a","b"]}""", "InvalidParameters")]
    [InlineData("AWS-StartPortForwardingSession", """{"portNumber":["0"]}""", "InvalidParameters")]
    [InlineData("AWS-StartPortForwardingSession", """{"port":["80"]}""", "InvalidParameters")]
    public void Documents_and_their_parameters_are_checked(string document, string parameters, string code)
    {
        JsonObject input = new() { ["Target"] = Registered().Id, ["DocumentName"] = document, ["Parameters"] = JsonNode.Parse(parameters) };
        _account.Json("StartSession", input).Refused(code);
        Assert.Empty(_account.Broker.Started);
    }

    [Theory]
    [InlineData("AWS-StartInteractiveCommand", """{"command":["top"]}""", """{"commands":"top","runAsElevated":false}""", "linux")]
    [InlineData("AWS-StartPortForwardingSession", """{"portNumber":["3389"]}""", "\"3389\"", "portNumber")]
    [InlineData("AWS-StartPortForwardingSessionToRemoteHost", """{"host":["db.local"]}""", "\"db.local\"", "host")]
    [InlineData("AWS-StartSSHSession", "{}", "\"22\"", "portNumber")]
    public void Documents_reach_the_agent_with_their_parameters_filled_in(string document, string parameters, string value, string property)
    {
        JsonObject input = new() { ["Target"] = Registered().Id, ["DocumentName"] = document, ["Parameters"] = JsonNode.Parse(parameters) };
        _account.Json("StartSession", input).Ok();
        JsonObject content = Assert.Single(_account.Broker.Started).Document;
        Assert.Equal("1.0", content["schemaVersion"]!.GetValue<string>());
        Assert.Equal(value, content["properties"]![property]!.ToJsonString());
    }

    [Fact]
    public void Sessions_are_filtered_and_paged_newest_first()
    {
        string target = Registered().Id;
        for (int i = 0; i < 7; i++)
        {
            _account.Json("StartSession", new JsonObject { ["Target"] = target }).Ok();
            _account.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        JsonObject first = _account.Json("DescribeSessions", new JsonObject { ["State"] = "Active", ["MaxResults"] = 5 }).Ok().Json;
        double[] times = [.. first["Sessions"]!.AsArray().Select(session => session!["StartDate"]!.GetValue<double>())];
        Assert.Equal(times.OrderDescending(), times);
        JsonObject second = _account.Json("DescribeSessions", new JsonObject { ["State"] = "Active", ["MaxResults"] = 5, ["NextToken"] = first["NextToken"]!.GetValue<string>() }).Ok().Json;
        Assert.Equal(2, second["Sessions"]!.AsArray().Count);

        string since = (_account.World.Now - TimeSpan.FromMinutes(3)).ToString("o", CultureInfo.InvariantCulture);
        Assert.Equal(3, Sessions("Active", "InvokedAfter", since).Count);
        Assert.Equal(4, Sessions("Active", "InvokedBefore", since).Count);
        Assert.Empty(Sessions("Active", "Owner", "nobody"));
        Assert.Equal(7, Sessions("Active", "Owner", "tester").Count);
    }

    private InstanceRecord Registered()
    {
        InstanceRecord instance = _account.RunningInstance();
        _account.World.Register(instance, "3.3.3050.0");
        return instance;
    }

    private string Status(string target)
    {
        return _account.Json("GetConnectionStatus", new JsonObject { ["Target"] = target }).Ok().Json["Status"]!.GetValue<string>();
    }

    private JsonArray Nodes(JsonNode input) => _account.Json("DescribeInstanceInformation", input).Ok().Json["InstanceInformationList"]!.AsArray();

    private JsonArray Sessions(string state, string? key = null, string? value = null)
    {
        JsonObject input = new() { ["State"] = state };
        if (key is not null)
        {
            input["Filters"] = new JsonArray(new JsonObject { ["key"] = key, ["value"] = value });
        }

        return _account.Json("DescribeSessions", input).Ok().Json["Sessions"]!.AsArray();
    }
}
