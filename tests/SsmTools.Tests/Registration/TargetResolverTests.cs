using SsmTools.Engine;
using SsmTools.Engine.Registration;
using SsmTools.Sandbox.Http;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Registration;

public sealed class TargetResolverTests
{
    [Theory]
    [InlineData("i-0123456789abcdef0")]
    [InlineData("i-01234567")]
    [InlineData("mi-0123456789abcdef0")]
    public async Task An_id_stands_for_itself_and_costs_no_call(string id)
    {
        await using ProvisioningAccount account = new();

        Assert.Equal(id, await new TargetResolver(account.Context).ResolveOneAsync(id, TestTimeout.Token));
        Assert.Empty(account.Calls);
    }

    [Fact]
    public async Task A_name_stands_for_the_living_instance_that_has_it()
    {
        await using ProvisioningAccount account = new();
        string[] first = await RegistrationProbeTests.LaunchAsync(account, 1, register: false, name: "web");
        RegistrationProbeTests.Terminate(account, first[0]);
        account.Clock.Advance(TimeSpan.FromSeconds(1));
        string[] second = await RegistrationProbeTests.LaunchAsync(account, 1, register: false, name: "web");
        await RegistrationProbeTests.LaunchAsync(account, 1, register: false, name: "db");

        Assert.Equal(second[0], await new TargetResolver(account.Context).ResolveOneAsync("web", TestTimeout.Token));
    }

    [Fact]
    public async Task Wildcards_find_several_and_one_node_is_then_ambiguous()
    {
        await using ProvisioningAccount account = new();
        await RegistrationProbeTests.LaunchAsync(account, 2, register: false, name: "web-1");
        await RegistrationProbeTests.LaunchAsync(account, 1, register: false, name: "db-1");
        TargetResolver resolver = new(account.Context);

        Assert.Equal(2, (await resolver.ResolveAsync("web-*", TestTimeout.Token)).Count);
        Assert.Equal(3, (await resolver.ResolveAsync("*-?", TestTimeout.Token)).Count);
        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => resolver.ResolveOneAsync("web-1", TestTimeout.Token));
        Assert.Equal(("TargetAmbiguous", "web-1"), (error.ErrorId, error.Target));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("web-*")]
    [InlineData("")]
    [InlineData("i-XYZ")]
    public async Task A_name_that_nobody_has_is_an_error(string name)
    {
        await using ProvisioningAccount account = new();

        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => new TargetResolver(account.Context).ResolveAsync(name, TestTimeout.Token));

        Assert.Equal("TargetNotFound", error.ErrorId);
        Assert.Equal(ErrorKind.ObjectNotFound, error.Kind);
        Assert.Equal(name, error.Target);
    }

    [Theory]
    [InlineData("[v-x]eb-1", 2)]
    [InlineData("WEB-*", 2)]
    [InlineData("w[d-f]b-?", 2)]
    [InlineData("*[12]", 3)]
    [InlineData("web[1-3]", 1)]
    public async Task Wildcards_are_those_of_powershell(string pattern, int expected)
    {
        await using ProvisioningAccount account = new();
        await RegistrationProbeTests.LaunchAsync(account, 2, register: false, name: "web-1");
        await RegistrationProbeTests.LaunchAsync(account, 1, register: false, name: "db-2");
        await RegistrationProbeTests.LaunchAsync(account, 1, register: false, name: "web[1-3]");

        Assert.Equal(expected, (await new TargetResolver(account.Context).ResolveAsync(pattern, TestTimeout.Token)).Count);
    }

    [Fact]
    public async Task Many_names_cost_few_calls_and_each_gets_its_own_answer()
    {
        await using ProvisioningAccount account = new();
        for (int index = 0; index < 5; index++)
        {
            await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: $"web-{index}");
        }

        account.Forget();
        string[] targets =
            ["web-3", "i-0123456789abcdef0", .. Enumerable.Range(0, 300).Select(index => $"web-{index % 5}"), "web-[01]"];

        IReadOnlyList<TargetMatch> matches = await new TargetResolver(account.Context).ResolveManyAsync(targets, TestTimeout.Token);

        Assert.Equal(targets, matches.Select(match => match.Target));
        Assert.All(matches, match => Assert.Null(match.Error));
        Assert.All(matches.Take(302), match => Assert.Single(match.Nodes));
        Assert.Equal(("web-3", false), (matches[0].Nodes[0].Name, matches[0].Nodes[0].IsWindows));
        Assert.Equal(["web-0", "web-1"], matches[302].Nodes.Select(node => node.Name).Order());
        Assert.Equal(["DescribeInstances", "DescribeInstanceInformation"], account.Calls);
    }

    [Fact]
    public async Task A_plain_name_that_ec2_knows_costs_one_call()
    {
        await using ProvisioningAccount account = new();
        await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: "web");
        account.Forget();

        await new TargetResolver(account.Context).ResolveOneAsync("web", TestTimeout.Token);

        Assert.Equal(["DescribeInstances"], account.Calls);
    }

    [Fact]
    public async Task What_is_missing_is_an_error_of_its_own_and_names_what_may_be_meant()
    {
        await using ProvisioningAccount account = new();
        await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: "Web-1");
        await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: "prod-db");

        IReadOnlyList<TargetMatch> matches = await new TargetResolver(account.Context)
            .ResolveManyAsync(["web-1", "prod", "Web-1", "zebra", ""], TestTimeout.Token);

        Assert.Null(matches[2].Error);
        Assert.Equal(
            ["web-1", "prod", "zebra", ""],
            matches.Where(match => match.Error is not null).Select(match => match.Error!.Target));
        Assert.StartsWith("Is 'Web-1' meant? ", matches[0].Error!.Recommendation, StringComparison.Ordinal);
        Assert.StartsWith("Is 'prod-db' meant? ", matches[1].Error!.Recommendation, StringComparison.Ordinal);
        Assert.DoesNotContain("meant", matches[3].Error!.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hybrid_node_is_found_by_the_name_of_its_activation_and_by_its_tag()
    {
        await using AwsStub stub = new();
        stub.Then((request, _) => Task.FromResult(Answer(System.Text.Encoding.UTF8.GetString(request.Body))));
        using Engine.Aws.AwsContext context = stub.Connect();

        IReadOnlyList<TargetMatch> matches = await new TargetResolver(context)
            .ResolveManyAsync(["desk", "tagged", "d*", "nobody"], TestTimeout.Token);

        Assert.Equal(["mi-0123456789abcdef0"], matches[0].Nodes.Select(node => node.InstanceId));
        Assert.True(matches[0].Nodes[0].IsWindows);
        Assert.Equal(["mi-0123456789abcdef1"], matches[1].Nodes.Select(node => node.InstanceId));
        Assert.Equal(["mi-0123456789abcdef0"], matches[2].Nodes.Select(node => node.InstanceId));
        Assert.Equal("TargetNotFound", matches[3].Error!.ErrorId);

        static HttpResponse Answer(string body)
        {
            string nodes = body.Contains("ManagedInstance", StringComparison.Ordinal)
                ? """{"InstanceId":"mi-0123456789abcdef0","Name":"desk","PlatformType":"Windows"}"""
                : body.Contains("tagged", StringComparison.Ordinal)
                ? """{"InstanceId":"mi-0123456789abcdef1","Name":""}"""
                : "";
            return body.Contains("Action=", StringComparison.Ordinal)
                ? HttpResponse.Text(200, "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>")
                : HttpResponse.Text(200, $$"""{"InstanceInformationList":[{{nodes}}]}""");
        }
    }

    [Fact]
    public async Task Where_ec2_may_not_be_asked_systems_manager_still_knows_the_tag()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: "web");
        account.Before = (_, call) => call == "DescribeInstances"
            ? new HttpResponse(403, "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>No.</Message></Error></Errors><RequestID>1</RequestID></Response>"u8.ToArray(), "text/xml")
            : null;

        IReadOnlyList<TargetMatch> matches = await new TargetResolver(account.Context)
            .ResolveManyAsync(["web", "db"], TestTimeout.Token);

        Assert.Equal(ids, matches[0].Nodes.Select(node => node.InstanceId));
        Assert.Contains("ec2:DescribeInstances is denied", matches[1].Error!.Message, StringComparison.Ordinal);
    }
}
