using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Clients;

/// <summary>What the engine makes of roles, as every AWS CLI that is there sees it, and the other way round.</summary>
public sealed class AwsCliRoleTests
{
    private readonly CancellationToken _timeout = TestTimeout.Seconds(240);

    public static TheoryData<int> CommandLines => AwsCliRecipeTests.CommandLines;

    [AwsCliTheory]
    [MemberData(nameof(CommandLines))]
    public async Task A_role_and_its_place_on_an_instance_are_read_and_changed_from_outside(int commandLine)
    {
        await using ClientStage stage = new();
        using TemporaryDirectory files = new();
        using AwsContext context = AwsContext.Create(new AwsOptions
        {
            Region = stage.World.Region,
            AccessKey = stage.Environment["AWS_ACCESS_KEY_ID"],
            SecretKey = stage.Environment["AWS_SECRET_ACCESS_KEY"],
            EndpointUrl = stage.Endpoint,
        });
        RoleProvisioner roles = new(context);
        RoleRequest request = new()
        {
            Name = "web",
            Path = "/ops/",
            LogBucket = "logs/web",
            KmsKeyId = "alias/sandbox",
            PermissionsBoundary = SandboxAccount.CorePolicy,
        };
        await (await roles.PlanAsync(request, _timeout)).ApplyAsync(_timeout);

        Assert.Equal(
            $"/ops/\t{SandboxAccount.CorePolicy}\tec2.amazonaws.com",
            await Run("iam get-role --role-name web --output text --query Role.[Path,PermissionsBoundary.PermissionsBoundaryArn,AssumeRolePolicyDocument.Statement[0].Principal.Service]"));
        Assert.Equal(
            "SsmTools-SessionKey\tSsmTools-SessionLogBucket",
            await Run("iam list-role-policies --role-name web --output text --query PolicyNames"));
        string key = await Run("kms describe-key --key-id alias/sandbox --output text --query KeyMetadata.Arn");
        Assert.Equal(
            key,
            await Run("iam get-role-policy --role-name web --policy-name SsmTools-SessionKey --output text --query PolicyDocument.Statement[0].Resource"));

        // What the CLI writes back in its own layout means the same.
        string file = Path.Combine(files.Path, "policy.json");
        await File.WriteAllTextAsync(
            file,
            await Run("iam get-role-policy --role-name web --policy-name SsmTools-SessionLogBucket --output json --query PolicyDocument"),
            _timeout);
        await Run($"iam put-role-policy --role-name web --policy-name SsmTools-SessionLogBucket --policy-document file://{file}");
        Assert.Empty((await roles.PlanAsync(request, _timeout)).Changes);

        await Run("iam delete-role-permissions-boundary --role-name web");
        Assert.Contains("Set the permissions boundary", Assert.Single((await roles.PlanAsync(request, _timeout)).Changes).Action, StringComparison.Ordinal);
        await Run($"iam put-role-permissions-boundary --role-name web --permissions-boundary {SandboxAccount.CorePolicy}");
        Assert.Empty((await roles.PlanAsync(request, _timeout)).Changes);

        LaunchRequest launch = new() { SubnetId = stage.World.Seed.Isolated[0].Id };
        InstanceProvisioner instances = new(context);
        string id = (await (await instances.PlanAsync(launch, _timeout)).ApplyAsync(_timeout))[0].InstanceId;
        RoleAssigner assigner = new(context);
        RoleAssignmentRequest assignment = new() { RoleName = "web", InstanceIds = [id] };
        await (await assigner.PlanAsync(assignment, _timeout)).ApplyAsync(_timeout);
        const string Associations = "ec2 describe-iam-instance-profile-associations --output text --query IamInstanceProfileAssociations[0]";
        Assert.Equal($"{id}\t{stage.World.Profiles["web"].Arn}", await Run($"{Associations}.[InstanceId,IamInstanceProfile.Arn]"));

        await Run($"ec2 disassociate-iam-instance-profile --association-id {await Run($"{Associations}.AssociationId")}");
        await Run($"ec2 associate-iam-instance-profile --instance-id {id} --iam-instance-profile Name=web");
        Assert.Empty((await assigner.PlanAsync(assignment, _timeout)).Changes);

        async Task<string> Run(string command)
        {
            string[] arguments = ["--endpoint-url", stage.Endpoint, .. command.Split(' ')];
            (int code, string output, string error) = await ClientProcess.RunAsync(
                AwsClients.CommandLines[commandLine], arguments, stage.Environment, null, _timeout);
            Assert.True(code == 0, $"aws {command}: {error}");
            return output.Trim();
        }
    }
}
