using Amazon.Runtime;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Associations;

/// <summary>State Manager in the sandbox: its runs go to the agents, on the turned clock, and change what they say they do.</summary>
public sealed class AssociationTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;

    private SsmClient Ssm => _sandbox.Aws.Ssm;

    public async Task InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Fact]
    public async Task It_runs_at_once_then_by_its_rate_and_on_a_node_that_comes_later()
    {
        InstanceRecord first = await _sandbox.LaunchOnlineAsync();
        string id = await CreateAsync("AWS-GatherSoftwareInventory", "rate(30 minutes)", "InstanceIds", "*");
        await WaitAsync(id, runs: 1);
        Assert.Equal("Success", await StatusAsync(id, first.Id));

        // Half an hour is over, and an hour: the turn that comes while a run goes on is passed over.
        _sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(31));
        await WaitAsync(id, runs: 2);
        _sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(30));
        await WaitAsync(id, runs: 3);

        InstanceRecord second = await _sandbox.LaunchAsync("web");
        await _sandbox.WaitForStatusAsync(second.Id, "Online");
        await WaitAsync(id, runs: 4);
        Assert.Equal("Success", await StatusAsync(id, second.Id));

        GetInventoryResponse inventory = await Ssm.GetInventoryAsync(
            new GetInventoryRequest
            {
                Filters = [new InventoryFilter { Key = "AWS:InstanceInformation.InstanceId", Values = [second.Id] }],
                ResultAttributes = [new ResultAttribute { TypeName = "AWS:Application" }],
            },
            TestTimeout.Token);
        InventoryResultEntity entity = Assert.Single(inventory.Entities);
        Assert.Equal("amazon-ssm-agent", entity.Data["AWS:Application"].Content[0]["Name"]);

        await Ssm.DeleteAssociationAsync(new DeleteAssociationRequest { AssociationId = id }, TestTimeout.Token);
        Assert.Empty((await Ssm.ListAssociationsAsync(new ListAssociationsRequest(), TestTimeout.Token)).Associations);
    }

    [Fact]
    public async Task An_old_agent_is_really_updated_and_a_package_is_there_when_it_is_installed()
    {
        InstanceRecord instance = await _sandbox.LaunchOnlineAsync();
        instance.Software.AgentVersion = AgentRelease.Earlier;
        instance.Node!.AgentVersion = AgentRelease.Earlier;
        string update = await CreateAsync("AWS-UpdateSSMAgent", "rate(14 days)", "tag-key", "Nobody");
        Assert.Empty((await ExecutionsAsync(update))[0].ResourceCountByStatus!.Trim('{', '}'));
        UpdateAssociationRequest change = new() { AssociationId = update, ScheduleExpression = "rate(14 days)", Targets = Targets("InstanceIds", instance.Id) };
        Assert.Equal("2", (await Ssm.UpdateAssociationAsync(change, TestTimeout.Token)).AssociationDescription!.AssociationVersion);
        await WaitAsync(update, runs: 2);
        Assert.Equal(AgentRelease.Latest, instance.Node.AgentVersion);
        Assert.False(instance.HasOutsideAgent);

        string configure = await CreateAsync("AmazonCloudWatch-ManageAgent", null, "InstanceIds", instance.Id);
        await WaitAsync(configure, runs: 1);
        Assert.Equal("Failed", await StatusAsync(configure, instance.Id));
        string install = await CreateAsync("AWS-ConfigureAWSPackage", "rate(30 days)", "InstanceIds", instance.Id, ("action", "Install"), ("name", "AmazonCloudWatchAgent"));
        await WaitAsync(install, runs: 1);
        await Ssm.StartAssociationsOnceAsync(new StartAssociationsOnceRequest { AssociationIds = [configure] }, TestTimeout.Token);
        await WaitAsync(configure, runs: 2);
        Assert.Equal("Success", await StatusAsync(configure, instance.Id));
    }

    [Theory]
    [InlineData("AWS-NoSuchThing", "rate(1 day)", "InstanceIds", "InvalidDocument")]
    [InlineData("AWS-UpdateSSMAgent", "rate(1 days)", "InstanceIds", "InvalidSchedule")]
    [InlineData("AWS-UpdateSSMAgent", "rate(29 minutes)", "InstanceIds", "InvalidSchedule")]
    [InlineData("AWS-UpdateSSMAgent", "rate(1 day)", "Nonsense", "InvalidTarget")]
    [InlineData("AWS-RunPatchBaseline", "rate(1 day)", "InstanceIds", "InvalidParameters")]
    public async Task What_is_wrong_is_refused_as_the_service_does(string document, string schedule, string key, string code)
    {
        AmazonServiceException e = await Assert.ThrowsAnyAsync<AmazonServiceException>(() => CreateAsync(document, schedule, key, "*"));

        Assert.Equal(code, e.ErrorCode);
    }

    private static List<Target> Targets(string key, string value) => [new Target { Key = key, Values = [value] }];

    private async Task<string> CreateAsync(
        string document, string? schedule, string key, string value, params (string Name, string Value)[] parameters)
    {
        CreateAssociationResponse response = await Ssm.CreateAssociationAsync(
            new CreateAssociationRequest
            {
                Name = document,
                ScheduleExpression = schedule,
                Targets = Targets(key, value),
                Parameters = parameters.ToDictionary(one => one.Name, one => new List<string> { one.Value }),
            },
            TestTimeout.Token);
        return response.AssociationDescription!.AssociationId!;
    }

    private async Task<List<AssociationExecution>> ExecutionsAsync(string id) => (await Ssm.DescribeAssociationExecutionsAsync(
        new DescribeAssociationExecutionsRequest { AssociationId = id }, TestTimeout.Token)).AssociationExecutions;

    private async Task WaitAsync(string id, int runs)
    {
        CancellationToken timeout = TestTimeout.Token;
        List<AssociationExecution> all;
        while ((all = await ExecutionsAsync(id)).Count < runs || all.Exists(one => one.Status is "Pending" or "InProgress"))
        {
            timeout.ThrowIfCancellationRequested();
        }

        Assert.Equal(runs, all.Count);
    }

    private async Task<string?> StatusAsync(string id, string node)
    {
        DescribeInstanceAssociationsStatusResponse response = await Ssm.DescribeInstanceAssociationsStatusAsync(
            new DescribeInstanceAssociationsStatusRequest { InstanceId = node }, TestTimeout.Token);
        return response.InstanceAssociationStatusInfos.Find(one => one.AssociationId == id)?.Status;
    }
}
