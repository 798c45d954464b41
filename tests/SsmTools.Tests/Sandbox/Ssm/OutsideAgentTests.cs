using System.Text.Json.Nodes;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Ssm;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ssm;

/// <summary>What agents from outside call, and for whom they may speak.</summary>
public sealed class OutsideAgentTests
{
    private const string Own = "i-0a1b2c3d4e5f60718";

    private readonly SandboxAccount _account = new();

    [Fact]
    public void Who_has_the_accounts_keys_may_bring_an_id_of_its_own()
    {
        Report(_account.Signer, Own).Ok();

        JsonNode node = Assert.Single(_account.Json("DescribeInstanceInformation", new JsonObject()).Ok()
            .Json["InstanceInformationList"]!.AsArray())!;
        Assert.Equal(Own, node["InstanceId"]!.GetValue<string>());
        Assert.Equal("Online", node["PingStatus"]!.GetValue<string>());
        Assert.Equal("EC2Instance", node["ResourceType"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("i-short")]
    [InlineData("server-1.example.org")]
    [InlineData("mi-0a1b2c3d4e5f60718\n")]
    [InlineData("i-0a1b2c3d4e5f6071/")]
    public void But_not_one_that_is_no_nodes_id(string id)
    {
        Assert.NotEqual(200, Report(_account.Signer, id).Status);
        Assert.Empty(_account.World.OutsideNodes);
    }

    [Fact]
    public void Nor_one_of_an_instance()
    {
        InstanceRecord instance = _account.RunningInstance();

        Report(_account.Signer, instance.Id).Refused("AccessDeniedException");
    }

    [Fact]
    public void An_instances_credentials_speak_for_it_alone_and_keep_the_sandboxs_agent_away()
    {
        InstanceRecord instance = _account.RunningInstance();
        InstanceRecord other = _account.RunningInstance();
        TinySigner agent = Agent(instance);

        Report(agent, other.Id).Refused("AccessDeniedException");
        Report(agent, Own).Refused("AccessDeniedException");
        Report(agent, instance.Id).Ok();

        Assert.Equal("Online", instance.Node!.PingStatus(_account.World.Now));
        Assert.True(instance.HasOutsideAgent);
        Assert.False(other.HasOutsideAgent);
    }

    [Fact]
    public void There_are_no_associations()
    {
        JsonObject reply = _account.Json("ListInstanceAssociations", new JsonObject { ["InstanceId"] = Own }).Ok().Json;

        Assert.Empty(reply["Associations"]!.AsArray());
    }

    [Fact]
    public async Task The_poll_for_messages_is_answered_late_and_empty()
    {
        Task<HttpResponse> polling = PollAsync(_account.Signer, Own);
        Assert.False(polling.IsCompleted);

        _account.Clock.Advance(MessageDeliveryApi.PollTime);
        HttpResponse response = await polling.WaitAsync(TestTimeout.Token);

        JsonObject answer = JsonNode.Parse(response.Body)!.AsObject();
        Assert.Equal(Own, answer["Destination"]!.GetValue<string>());
        Assert.Empty(answer["Messages"]!.AsArray());
    }

    [Fact]
    public async Task Who_polls_for_another_is_refused_at_once()
    {
        InstanceRecord instance = _account.RunningInstance();

        HttpResponse response = await PollAsync(Agent(instance), Own).WaitAsync(TestTimeout.Token);

        Assert.Equal(400, response.Status);
    }

    private Task<HttpResponse> PollAsync(TinySigner signer, string id) => _account.Endpoint.HandleAsync(
        signer.Post(
            "ec2messages", "application/x-amz-json-1.1",
            new JsonObject { ["Destination"] = id, ["MessagesRequestId"] = Guid.NewGuid().ToString() }.ToJsonString(),
            ("X-Amz-Target", "EC2WindowsMessageDeliveryService.GetMessages")),
        TestTimeout.Token);

    private ApiReply Report(TinySigner signer, string id) => _account.Json(
        signer, "UpdateInstanceInformation",
        new JsonObject { ["InstanceId"] = id, ["AgentVersion"] = "3.3.1142.0", ["PlatformType"] = "Linux" }.ToJsonString());

    private TinySigner Agent(InstanceRecord instance) => new(
        _account.Credentials.IssueRole(
            _account.World.RoleOf(instance)!, instance.Id, TimeSpan.FromHours(1), instance.Id),
        _account.World.Region,
        _account.Clock);
}
