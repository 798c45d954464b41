using SsmTools.Engine.Aws.Iam;
using SsmTools.Sandbox.World;

namespace SsmTools.Tests.Support;

/// <summary>One scenario for each condition of the registration, and for each way in which it can fail.</summary>
internal static class RegistrationScenarios
{
    public const string Role = "web";

    private const string LambdaTrust =
        """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}""";

    private const string Denial =
        """{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"ssmmessages:*","Resource":"*"}}""";

    /// <summary>Those that the repair mends by itself.</summary>
    public static IReadOnlyList<RegistrationScenario> Mended { get; } =
    [
        new()
        {
            Name = "stopped",
            Check = "InstanceState",
            Break = Nothing,
            Afterwards = StopAsync,
            Changes = ["Start the instance"],
        },
        new()
        {
            Name = "no instance profile",
            Check = "InstanceProfile",
            HasProfile = false,
            Break = Nothing,
            Changes = ["Create the role", "Create the instance profile", "Attach policy", "Add role", "Attach instance profile"],
        },
        new()
        {
            Name = "instance profile deleted",
            Check = "InstanceProfile",
            Break = World(world => world.Profiles.Remove(Role)),
            Changes = ["Create the role", "Create the instance profile", "Attach policy", "Add role", "Attach instance profile"],
        },
        new()
        {
            Name = "instance profile made again under its name",
            Check = "InstanceProfile",
            Break = async (sandbox, _) =>
            {
                sandbox.Change(world => world.Profiles.Remove(Role));
                await sandbox.Aws.Iam.CreateInstanceProfileAsync(
                    new CreateInstanceProfileRequest { InstanceProfileName = Role }, TestTimeout.Token);
                await sandbox.Aws.Iam.AddRoleToInstanceProfileAsync(
                    new AddRoleToInstanceProfileRequest { InstanceProfileName = Role, RoleName = Role }, TestTimeout.Token);
            },
            Changes = ["Attach instance profile web"],
        },
        new()
        {
            Name = "instance profile without role",
            Check = "InstanceProfile",
            Break = World(world => world.Profiles[Role].RoleName = null),
            Changes = ["Create the role", "Attach policy", "Add role"],
        },
        new()
        {
            Name = "role trusts another service",
            Check = "RoleTrust",
            Break = World(world => world.Roles[Role].TrustPolicy = LambdaTrust),
            Changes = ["Trust ec2.amazonaws.com beside lambda.amazonaws.com"],
        },
        new()
        {
            Name = "role without policy",
            Check = "RolePermission",
            Break = World(world => world.Roles[Role].Attached.Clear()),
            Changes = ["Attach policy AmazonSSMManagedInstanceCore"],
        },
        new()
        {
            Name = "metadata off",
            Check = "Metadata",
            Break = Instance(instance => instance.Metadata = instance.Metadata with { Enabled = false }),
            Changes = ["Switch the instance metadata on"],
        },
        new()
        {
            Name = "no route and no endpoints",
            Check = "Route",
            Break = World(world => RemoveEndpoints(world, _ => true)),
            Changes =
            [
                "Create the security group", "Let 10.10.0.0/24 in on port 443",
                "Create the interface endpoint com.amazonaws.eu-west-1.ssm ",
                "Create the interface endpoint com.amazonaws.eu-west-1.ssmmessages ",
            ],
        },
        new()
        {
            Name = "route to a NAT gateway that is gone",
            Check = "Route",
            Subnet = world => world.Seed.Private[0],
            Break = World(world =>
            {
                RemoveEndpoints(world, _ => true);
                world.NatGateways.Values.Single().State = "deleted";
            }),
            Changes =
            [
                "Create the security group", "Let 10.10.2.0/24 in on port 443",
                "Create the interface endpoint com.amazonaws.eu-west-1.ssm ",
                "Create the interface endpoint com.amazonaws.eu-west-1.ssmmessages ",
            ],
        },
        new()
        {
            Name = "VPC DNS support off",
            Check = "VpcDns",
            Break = World(world => world.Seed.Vpc.DnsSupport = false),
            Changes = ["Turn on DNS support"],
        },
        new()
        {
            Name = "VPC DNS host names off",
            Check = "VpcDns",
            Break = World(world => world.Seed.Vpc.DnsHostnames = false),
            Changes = ["Turn on DNS host names"],
        },
        new()
        {
            Name = "an endpoint missing",
            Check = "VpcEndpoint",
            Break = World(world => RemoveEndpoints(world, endpoint => Serves(endpoint, "ssmmessages"))),
            Changes =
            [
                "Create the security group", "Let 10.10.0.0/24 in on port 443",
                "Create the interface endpoint com.amazonaws.eu-west-1.ssmmessages ",
            ],
        },
        new()
        {
            Name = "private DNS off",
            Check = "EndpointPrivateDns",
            Break = World(world => Endpoint(world, "ssm").PrivateDns = false),
            Changes = ["Turn on private DNS"],
        },
        new()
        {
            Name = "endpoint policy does not allow",
            Check = "EndpointPolicy",
            Break = World(world => Endpoint(world, "ssm").Policy =
                """{"Statement":[{"Effect":"Allow","Principal":"*","Action":"ssm:GetParameter","Resource":"*"}]}"""),
            Changes = ["Allow ssm:UpdateInstanceInformation"],
        },
        new()
        {
            Name = "endpoint's security group closed",
            Check = "EndpointSecurityGroup",
            Subnet = world => world.Seed.Dead[0],
            Break = Nothing,
            Changes = ["Let 10.10.8.0/24 in on port 443"],
        },
        new()
        {
            Name = "no egress",
            Check = "SecurityGroupEgress",
            Break = World(world => world.Seed.InstanceGroup.Rules.Clear()),
            Changes = ["Let port 443 out to the endpoints' security group"],
        },
        new()
        {
            Name = "no egress behind a NAT gateway",
            Check = "SecurityGroupEgress",
            Subnet = world => world.Seed.Private[0],
            Break = World(world =>
            {
                RemoveEndpoints(world, _ => true);
                world.Seed.InstanceGroup.Rules.Clear();
            }),
            Changes = ["Let port 443 out to 0.0.0.0/0"],
        },
        new()
        {
            Name = "back-off",
            Check = "BackOff",
            Break = World(world => world.Roles[Role].Attached.Clear()),
            Afterwards = async (sandbox, _) =>
            {
                await sandbox.GrantAsync(Role);
                sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(6));
            },
            Reboot = true,
            Changes = ["Reboot the instance"],
        },
        new()
        {
            Name = "agent stopped",
            Check = "AgentStopped",
            Break = Nothing,
            Afterwards = async (sandbox, instance) =>
            {
                sandbox.Change(_ => instance.Ailment = InstanceAilment.AgentStopped);
                await sandbox.AwaitLossAsync(instance.Id);
            },
            Reboot = true,
            Changes = ["Reboot the instance"],
        },
        new()
        {
            Name = "no way to the key of the sessions",
            Check = "SessionEndpoints",
            Break = World(world => world.Preferences.KmsKeyId = "alias/sandbox"),
            Changes =
            [
                "Create the security group", "Let 10.10.0.0/24 in on port 443",
                "Create the interface endpoint com.amazonaws.eu-west-1.kms ",
            ],
        },
        new()
        {
            Name = "no way to the log group of the sessions",
            Check = "SessionEndpoints",
            Break = World(world => world.Preferences.Set("cloudWatchLogGroupName", "/sessions")),
            IncludeWarnings = true,
            Changes =
            [
                "Create the security group", "Let 10.10.0.0/24 in on port 443",
                "Create the interface endpoint com.amazonaws.eu-west-1.logs ",
            ],
        },
        .. NetworkAclScenarios.Mended,
        new()
        {
            Name = "Default Host Management's role trusts another service",
            Check = "DefaultHostManagement",
            HasProfile = false,
            Break = World(world => SetHostManagement(world).TrustPolicy = LambdaTrust),
            Changes = ["Trust ssm.amazonaws.com beside lambda.amazonaws.com"],
        },
        new()
        {
            Name = "Default Host Management's role without policy",
            Check = "DefaultHostManagement",
            HasProfile = false,
            Break = World(world => SetHostManagement(world).Attached.Clear()),
            Changes = ["Attach policy AmazonSSMManagedEC2InstanceDefaultPolicy"],
        },
        new()
        {
            Name = "Default Host Management and IMDSv1",
            Check = "DefaultHostManagement",
            HasProfile = false,
            Break = (sandbox, instance) =>
            {
                sandbox.Change(world =>
                {
                    SetHostManagement(world);
                    instance.Metadata = instance.Metadata with { TokenRequired = false };
                });
                return Task.CompletedTask;
            },
            Changes = ["Create the role", "Create the instance profile", "Attach policy", "Add role", "Attach instance profile"],
        },
    ];

    /// <summary>Those that take a person.</summary>
    public static IReadOnlyList<RegistrationScenario> Advised { get; } =
    [
        new()
        {
            Name = "image without agent",
            Check = "Agent",
            Image = image => image is { HasAgent: false, PlatformVersion: "12", Architecture: "x86_64" },
            Break = Nothing,
            Advice = "agent",
            ByHand = Instance(instance => instance.UserData = Convert.ToBase64String("#!/bin/sh\ndpkg -i amazon-ssm-agent.deb\n"u8)),
        },
        new()
        {
            Name = "boundary denies",
            Check = "RolePermission",
            Break = World(world => world.Roles[Role].PermissionsBoundaryArn = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"),
            Advice = "permissions boundary",
            ByHand = World(world => world.Roles[Role].PermissionsBoundaryArn = null),
        },
        new()
        {
            Name = "policy denies",
            Check = "RolePermission",
            Break = World(world => world.Roles[Role].Inline["no"] = Denial),
            Advice = "no",
            ByHand = (sandbox, _) => sandbox.Aws.Iam.DeleteRolePolicyAsync(
                new DeleteRolePolicyRequest { RoleName = Role, PolicyName = "no" }, TestTimeout.Token),
        },
        .. NetworkAclScenarios.Advised,
        Ill("status checks fail", "StatusChecks", InstanceAilment.Impaired),
        Ill("clock off", "Clock", InstanceAilment.ClockOff),
        Ill("disk full", "Disk", InstanceAilment.DiskFull),
    ];

    public static RegistrationScenario Find(string name) => Mended.Concat(Advised).Single(scenario => scenario.Name == name);

    public static VpcEndpointRecord Endpoint(SandboxWorld world, string service) =>
        world.Endpoints.Values.Single(endpoint => Serves(endpoint, service));

    public static void RemoveEndpoints(SandboxWorld world, Func<VpcEndpointRecord, bool> which)
    {
        foreach (VpcEndpointRecord endpoint in world.Endpoints.Values.Where(which).ToArray())
        {
            endpoint.InterfaceIds.ForEach(card => world.Interfaces.Remove(card));
            world.Endpoints.Remove(endpoint.Id);
        }
    }

    private static RoleRecord SetHostManagement(SandboxWorld world)
    {
        RoleRecord role = new()
        {
            Name = "hosts",
            Path = "/",
            Id = world.Ids.Iam("AROA"),
            Arn = $"arn:aws:iam::{world.AccountId}:role/hosts",
            Created = world.Now,
            TrustPolicy = LambdaTrust.Replace("lambda.", "ssm.", StringComparison.Ordinal),
            Attached = { "arn:aws:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy" },
        };
        world.Roles.Add(role.Name, role);
        world.Settings.Set(ServiceSettings.HostManagementRole, role.Name, "tester");
        return role;
    }

    private static bool Serves(VpcEndpointRecord endpoint, string service) =>
        endpoint.ServiceName.EndsWith($".{service}", StringComparison.Ordinal);

    private static RegistrationScenario Ill(string name, string check, InstanceAilment ailment) => new()
    {
        Name = name,
        Check = check,
        Break = Instance(instance => instance.Ailment = ailment),

        // The console is asked once patience is at its end.
        Afterwards = (sandbox, _) =>
        {
            sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(6));
            return Task.CompletedTask;
        },
        Advice = check,
        ByHand = Instance(instance => instance.Ailment = InstanceAilment.None),
    };

    private static Task Nothing(TestSandbox sandbox, InstanceRecord instance) => Task.CompletedTask;

    public static Func<TestSandbox, InstanceRecord, Task> World(Action<SandboxWorld> change) => (sandbox, _) =>
    {
        sandbox.Change(change);
        return Task.CompletedTask;
    };

    private static Func<TestSandbox, InstanceRecord, Task> Instance(Action<InstanceRecord> change) => (sandbox, instance) =>
    {
        sandbox.Change(_ => change(instance));
        return Task.CompletedTask;
    };

    private static Task StopAsync(TestSandbox sandbox, InstanceRecord instance)
    {
        sandbox.Host.World.Lifecycle.Stop(instance, "test");
        sandbox.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        return Task.CompletedTask;
    }
}
