using System.Text;
using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.World;

public sealed class RegistrationRulesTests
{
    private readonly SandboxAccount _account = new();

    private SandboxWorld World => _account.World;

    [Fact]
    public void A_proper_instance_in_the_isolated_subnet_registers()
    {
        Assert.Empty(Unmet(_account.RunningInstance()));
    }

    [Fact]
    public void So_does_one_behind_the_nat_gateway_with_the_endpoints_and_without()
    {
        InstanceRecord instance = _account.RunningInstance("web", "SubnetId", World.Seed.Private[0].Id);
        Assert.Empty(Unmet(instance));
        World.Endpoints.Clear();
        Assert.Empty(Unmet(instance));
    }

    [Fact]
    public void And_one_in_the_public_subnet_as_long_as_it_has_a_public_address()
    {
        InstanceRecord instance = _account.RunningInstance("web", "SubnetId", World.Seed.Public[0].Id);
        World.Endpoints.Clear();
        Assert.NotNull(instance.PublicIp);
        Assert.Empty(Unmet(instance));
        instance.NetworkInterface.PublicIp = null;
        Assert.Contains(Unmet(instance), reason => reason.Contains("no way to ssm", StringComparison.Ordinal));
    }

    [Fact]
    public void One_in_the_dead_subnet_does_not()
    {
        InstanceRecord instance = _account.RunningInstance("web", "SubnetId", World.Seed.Dead[0].Id);
        Assert.Contains(Unmet(instance), reason => reason.Contains("do not let", StringComparison.Ordinal));
    }

    [Fact]
    public void The_machine_must_run_with_metadata_and_an_agent()
    {
        InstanceRecord instance = _account.RunningInstance();
        instance.State = InstanceState.Stopped;
        Assert.Contains("The instance is stopped, not running.", Unmet(instance));
        instance.State = InstanceState.Running;
        instance.Metadata = instance.Metadata with { Enabled = false };
        Assert.Contains(Unmet(instance), reason => reason.Contains("metadata", StringComparison.Ordinal));
    }

    [Fact]
    public void An_image_without_agent_needs_user_data_that_installs_one()
    {
        string debian = World.Images.First(image => image is { HasAgent: false, PlatformVersion: "12", Architecture: "x86_64" }).ImageId;
        InstanceRecord bare = _account.RunningInstance("web", "ImageId", debian);
        Assert.Contains(Unmet(bare), reason => reason.Contains("no agent", StringComparison.Ordinal));
        string script = Convert.ToBase64String(Encoding.UTF8.GetBytes("#!/bin/sh\ndpkg -i amazon-ssm-agent.deb\n"));
        Assert.Empty(Unmet(_account.RunningInstance("web", "ImageId", debian, "UserData", script)));
    }

    [Fact]
    public void Profile_role_trust_and_rights_must_be_there()
    {
        InstanceRecord instance = _account.RunningInstance();
        RoleRecord role = World.Roles["web"];

        role.TrustPolicy = SandboxAccount.Ec2Trust.Replace("ec2.", "lambda.", StringComparison.Ordinal);
        Assert.Equal(["The role web does not trust ec2.amazonaws.com."], Unmet(instance));
        role.TrustPolicy = SandboxAccount.Ec2Trust;

        role.Attached.Clear();
        Assert.Contains("ssm:UpdateInstanceInformation", Assert.Single(Unmet(instance)), StringComparison.Ordinal);

        World.Profiles["web"].RoleName = null;
        Assert.Equal(["The instance profile web has no role in it."], Unmet(instance));
        World.Profiles.Remove("web");
        Assert.Equal(["The instance profile web no longer exists."], Unmet(instance));
        instance.Profile = null;
        Assert.Equal(["No instance profile is attached."], Unmet(instance));
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":["ssm:UpdateInstanceInformation","ssmmessages:*"],"Resource":"*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"ssmmessages:*","Resource":"*"}""", false)]
    [InlineData("""[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ssm:Update*","Resource":"*"}]""", false)]
    [InlineData("""{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}""", true)]
    public void Equal_rights_in_an_inline_policy_count(string statements, bool enough)
    {
        InstanceRecord instance = _account.RunningInstance();
        World.Roles["web"].Attached.Clear();
        World.Roles["web"].Inline["p"] = $$"""{"Version":"2012-10-17","Statement":{{statements}}}""";
        Assert.Equal(enough, Unmet(instance).Count == 0);
    }

    [Fact]
    public void A_permissions_boundary_can_take_the_rights_away()
    {
        InstanceRecord instance = _account.RunningInstance();
        World.Roles["web"].PermissionsBoundaryArn = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy";
        Assert.Single(Unmet(instance));
    }

    [Fact]
    public void The_endpoints_must_be_usable()
    {
        InstanceRecord instance = _account.RunningInstance();
        VpcEndpointRecord endpoint = World.Endpoints.Values.Single(one => one.ServiceName.EndsWith(".ssmmessages", StringComparison.Ordinal));

        endpoint.PrivateDns = false;
        Assert.Contains("no way to ssmmessages", Assert.Single(Unmet(instance)), StringComparison.Ordinal);
        endpoint.PrivateDns = true;

        endpoint.State = "pending";
        Assert.Contains("no way to ssmmessages", Assert.Single(Unmet(instance)), StringComparison.Ordinal);
        endpoint.State = "available";

        endpoint.Policy = """{"Statement":{"Effect":"Allow","Action":"ssm:*","Principal":"*","Resource":"*"}}""";
        Assert.Contains("policy of the endpoint", Assert.Single(Unmet(instance)), StringComparison.Ordinal);
        endpoint.Policy = null;

        World.Seed.EndpointGroup.Rules.RemoveAll(rule => !rule.Egress);
        Assert.Equal(2, Unmet(instance).Count);
    }

    [Fact]
    public void An_endpoint_group_may_admit_the_instances_group_instead_of_addresses()
    {
        InstanceRecord instance = _account.RunningInstance();
        List<SecurityRule> rules = World.Seed.EndpointGroup.Rules;
        rules.RemoveAll(rule => !rule.Egress);
        rules.Add(new SecurityRule { RuleId = "sgr-1", Egress = false, Protocol = "-1", GroupId = World.Seed.InstanceGroup.Id });
        Assert.Empty(Unmet(instance));
    }

    [Fact]
    public void Names_must_resolve()
    {
        InstanceRecord instance = _account.RunningInstance();
        World.Seed.Vpc.DnsHostnames = false;
        Assert.Equal(2, Unmet(instance).Count);
        World.Seed.Vpc.DnsHostnames = true;
        World.Seed.Vpc.DnsSupport = false;
        Assert.Contains("DNS support is off", Assert.Single(Unmet(instance)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_instances_group_must_let_https_out()
    {
        InstanceRecord instance = _account.RunningInstance();
        List<SecurityRule> rules = World.Seed.InstanceGroup.Rules;
        rules.Clear();
        Assert.Equal(2, Unmet(instance).Count);
        rules.Add(new SecurityRule { RuleId = "sgr-1", Egress = true, Protocol = "tcp", FromPort = 443, ToPort = 443, Cidr = "10.10.0.0/16" });
        Assert.Empty(Unmet(instance));
    }

    [Fact]
    public void The_network_acl_must_let_https_out_and_its_answers_in()
    {
        InstanceRecord instance = _account.RunningInstance("web", "SubnetId", World.Seed.Private[0].Id);
        NetworkAclRecord acl = World.NetworkAcls.Values.Single();
        acl.Entries.Add(new NetworkAclEntry(50, Egress: false, Allow: false, "6", "0.0.0.0/0", 1024, 65535));
        Assert.All(Unmet(instance), unmet => Assert.Contains("network ACL", unmet, StringComparison.Ordinal));
        Assert.Equal(2, Unmet(instance).Count);

        // One address of each endpoint is enough; a lower number outweighs a higher one.
        int number = 10;
        foreach (VpcEndpointRecord endpoint in World.Endpoints.Values)
        {
            string address = World.Interfaces[endpoint.InterfaceIds[^1]].PrivateIp;
            acl.Entries.Add(new NetworkAclEntry(number++, Egress: false, Allow: true, "6", $"{address}/32", 32768, 60999));
        }

        Assert.Empty(Unmet(instance));
    }

    [Fact]
    public void Network_acls_do_not_see_what_stays_in_a_subnet()
    {
        InstanceRecord instance = _account.RunningInstance();
        World.NetworkAcls.Values.Single().Entries.RemoveAll(entry => entry.Allow);
        Assert.Empty(Unmet(instance));
    }

    [Fact]
    public void The_network_acl_of_the_endpoints_must_let_the_instance_in_and_the_answers_out()
    {
        InstanceRecord instance = _account.RunningInstance("web", "SubnetId", World.Seed.Private[0].Id);
        NetworkAclRecord mine = new() { Id = "acl-mine", Sequence = World.NextSequence(), Vpc = World.Seed.Vpc };
        NetworkAclRecord theirs = World.NetworkAcls.Values.Single();
        mine.Entries.AddRange(theirs.Entries);
        World.NetworkAcls.Add(mine.Id, mine);
        KeyValuePair<string, string> tie = theirs.Subnets.Single(pair => pair.Value == instance.Subnet.Id);
        theirs.Subnets.Remove(tie.Key);
        mine.Subnets.Add(tie.Key, tie.Value);
        Assert.Empty(Unmet(instance));
        theirs.Entries.Add(new NetworkAclEntry(50, Egress: false, Allow: false, "6", "10.10.2.0/24", 443, 443));
        Assert.Equal(2, Unmet(instance).Count);
        theirs.Entries.RemoveAll(entry => entry.Number == 50);
        theirs.Entries.Add(new NetworkAclEntry(50, Egress: true, Allow: false, "-1", "10.10.2.0/24"));
        Assert.Equal(2, Unmet(instance).Count);
    }

    [Fact]
    public void The_network_acl_counts_on_the_way_to_the_internet_too()
    {
        World.Endpoints.Clear();
        InstanceRecord instance = _account.RunningInstance("web", "SubnetId", World.Seed.Private[0].Id);
        Assert.Empty(Unmet(instance));
        World.NetworkAcls.Values.Single().Entries.Add(new NetworkAclEntry(50, Egress: true, Allow: false, "6", "0.0.0.0/0", 443, 443));
        Assert.Equal(2, Unmet(instance).Count);
    }

    [Theory]
    [InlineData(InstanceAilment.Impaired)]
    [InlineData(InstanceAilment.ClockOff)]
    [InlineData(InstanceAilment.DiskFull)]
    [InlineData(InstanceAilment.AgentStopped)]
    public void The_machine_must_be_well(object ailment)
    {
        InstanceRecord instance = _account.RunningInstance();
        instance.Ailment = (InstanceAilment)ailment;
        Assert.Single(Unmet(instance));
    }

    private IReadOnlyList<string> Unmet(InstanceRecord instance) => RegistrationRules.Evaluate(World, instance);
}
