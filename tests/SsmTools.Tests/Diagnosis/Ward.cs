using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Diagnosis;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Sandbox;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Diagnosis;

/// <summary>Nodes in an account for a doctor to look at.</summary>
internal sealed class Ward : IAsyncDisposable
{
    public ProvisioningAccount Account { get; } = new();

    public SandboxWorld World => Account.World;

    /// <summary>An answer that a caller without the right gets.</summary>
    public static HttpResponse Denial(string operation) => operation is "GetServiceSetting" or "GetDocument" or "DescribeInstanceInformation"
        ? HttpResponse.Text(400, $$"""{"__type":"AccessDeniedException","message":"User: arn:aws:iam::1:user/x is not authorized to perform: ssm:{{operation}}"}""")
        : operation.StartsWith("Describe", StringComparison.Ordinal) || operation == "GetConsoleOutput"
        ? HttpResponse.Text(
            403,
            $"<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation. {operation}</Message></Error></Errors><RequestID>1</RequestID></Response>")
        : HttpResponse.Text(
            403,
            $"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: iam:{operation}</Message></Error><RequestId>1</RequestId></ErrorResponse>");

    /// <summary>Starts instances with a role that has all rights, or without a profile.</summary>
    public async Task<string[]> LaunchAsync(int count, string? profile, bool registers = true, string? subnet = null)
    {
        if (profile is not null && !World.Profiles.ContainsKey(profile))
        {
            await MakeProfileAsync(profile);
        }

        IInstanceHost? host = World.Lifecycle.Host;
        World.Lifecycle.Host = registers ? host : null;
        RunInstancesRequest request = new()
        {
            ImageId = World.Images[0].ImageId,
            InstanceType = "t3.nano",
            MinCount = count,
            MaxCount = count,
            SubnetId = subnet ?? Account.Isolated,
            SecurityGroupIds = { World.Seed.InstanceGroup.Id },
            IamInstanceProfile = profile is null ? null : new IamInstanceProfileSpecification { Name = profile },
        };
        if (count > 200)
        {
            request.SubnetId = MakeSubnet(World.Seed.Vpc, "10.10.64.0/18").Id;
        }

        RunInstancesResponse response = await Account.Context.Ec2.RunInstancesAsync(request, TestTimeout.Seconds(120));
        string[] ids = [.. response.Instances.Select(instance => instance.InstanceId!)];
        await Account.StartedAsync(registers ? ids : [], TimeSpan.FromSeconds(1));

        World.Lifecycle.Host = host;
        return ids;
    }

    /// <summary>Subnets beside the isolated one, with its routes.</summary>
    public IReadOnlyList<string> MakeSubnets(int count) =>
        [.. Enumerable.Range(0, count).Select(number => MakeSubnet(World.Seed.Vpc, $"10.10.{16 + number}.0/24").Id)];

    public Task<IReadOnlyList<NodeDiagnosis>> DiagnoseAsync(params string[] ids) => ExamineAsync(ids, true);

    public Task<IReadOnlyList<NodeDiagnosis>> TestAsync(params string[] ids) => ExamineAsync(ids, false);

    public ValueTask DisposeAsync() => Account.DisposeAsync();

    private async Task<IReadOnlyList<NodeDiagnosis>> ExamineAsync(string[] ids, bool isDetailed)
    {
        List<NodeDiagnosis> all = [];
        await foreach (NodeDiagnosis diagnosis in
            new Doctor(Account.Context, Account.Clock).TestAsync(ids, isDetailed, TestTimeout.Token))
        {
            all.Add(diagnosis);
        }

        return all;
    }

    private SubnetRecord MakeSubnet(VpcRecord vpc, string cidr)
    {
        lock (World.Gate)
        {
            NetworkFactory make = new(World);
            SubnetRecord subnet = make.Subnet(vpc, cidr, World.Zones[0], "ward");
            make.RouteTable(vpc, "ward", [subnet]);
            return subnet;
        }
    }

    private async Task MakeProfileAsync(string name)
    {
        await Account.Context.Iam.CreateRoleAsync(
            new CreateRoleRequest { RoleName = name, AssumeRolePolicyDocument = SandboxAccount.Ec2Trust }, TestTimeout.Token);
        await Account.Context.Iam.AttachRolePolicyAsync(
            new AttachRolePolicyRequest { RoleName = name, PolicyArn = SandboxAccount.CorePolicy }, TestTimeout.Token);
        await Account.Context.Iam.CreateInstanceProfileAsync(
            new CreateInstanceProfileRequest { InstanceProfileName = name }, TestTimeout.Token);
        await Account.Context.Iam.AddRoleToInstanceProfileAsync(
            new AddRoleToInstanceProfileRequest { InstanceProfileName = name, RoleName = name }, TestTimeout.Token);
    }
}
