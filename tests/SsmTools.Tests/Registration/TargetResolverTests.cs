using SsmTools.Engine;
using SsmTools.Engine.Registration;
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
}
