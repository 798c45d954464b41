using SsmTools.Engine.Aws.Iam;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Agents;

public sealed class HostManagementTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await TestSandbox.StartAsync();
        await _sandbox.Aws.Iam.CreateRoleAsync(
            new CreateRoleRequest
            {
                RoleName = "managed",
                AssumeRolePolicyDocument = """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}
                    """,
            },
            TestTimeout.Token);
        await _sandbox.Aws.Iam.AttachRolePolicyAsync(
            new AttachRolePolicyRequest
            {
                RoleName = "managed",
                PolicyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy",
            },
            TestTimeout.Token);
        await _sandbox.CallAsync(
            "UpdateServiceSetting", $$"""{"SettingId":"{{ServiceSettings.HostManagementRole}}","SettingValue":"managed"}""");
    }

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Fact]
    public async Task An_instance_without_a_profile_registers_while_the_setting_is_on()
    {
        InstanceRecord instance = await _sandbox.LaunchAsync(null);
        await _sandbox.WaitForStatusAsync(instance.Id, "Online");
        await _sandbox.WaitForConnectionAsync(instance.Id, true);
    }

    [Fact]
    public async Task So_does_one_whose_own_role_may_do_nothing()
    {
        await _sandbox.CreateProfileAsync("poor", withRights: false);
        InstanceRecord instance = await _sandbox.LaunchAsync("poor");
        CancellationToken timeout = TestTimeout.Token;
        while (await _sandbox.ReadStatusAsync(instance.Id, timeout) != "Online")
        {
            // The agent tries its own role first, and the other one some seconds later.
            _sandbox.Host.Clock.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task One_that_lets_the_first_version_of_the_metadata_service_in_does_not()
    {
        InstanceRecord instance = await _sandbox.LaunchAsync(null);
        lock (_sandbox.Host.World.Gate)
        {
            Assert.Empty(RegistrationRules.Evaluate(_sandbox.Host.World, instance));
            instance.Metadata = instance.Metadata with { TokenRequired = false };
            Assert.Equal(["No instance profile is attached."], RegistrationRules.Evaluate(_sandbox.Host.World, instance));
        }
    }
}
