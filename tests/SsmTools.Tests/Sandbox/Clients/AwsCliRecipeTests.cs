using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Clients;

/// <summary>The recipe, command by command, with every AWS CLI that is there.</summary>
public sealed class AwsCliRecipeTests
{
    private readonly CancellationToken _timeout = TestTimeout.Seconds(240);

    /// <summary>The CLIs by their number: paths of this machine have no place in the names of tests.</summary>
    public static TheoryData<int> CommandLines => new(Enumerable.Range(0, Math.Max(1, AwsClients.CommandLines.Count)));

    [AwsCliTheory]
    [MemberData(nameof(CommandLines))]
    public async Task The_recipe_runs_from_role_to_instance_and_back(int commandLine)
    {
        await using ClientStage stage = new();
        string subnet = stage.World.Seed.Isolated[0].Id;
        string group = stage.World.Seed.InstanceGroup.Id;

        await Run("iam create-role --role-name web --assume-role-policy-document", SandboxAccount.Ec2Trust);
        await Run($"iam attach-role-policy --role-name web --policy-arn {SandboxAccount.CorePolicy}");
        await Run("iam create-instance-profile --instance-profile-name web");
        await Run("iam add-role-to-instance-profile --role-name web --instance-profile-name web");
        string image = await Run(
            "ssm get-parameters --names /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64 --output text --query Parameters[0].[Value]");
        string instance = await Run(
            $"ec2 run-instances --image-id {image} --count 1 --instance-type t3.nano --iam-instance-profile Name=web --subnet-id {subnet} "
                + $"--security-group-ids {group} --metadata-options HttpTokens=required,HttpPutResponseHopLimit=64,HttpEndpoint=enabled "
                + "--tag-specifications ResourceType=instance,Tags=[{Key=Name,Value=one}] ResourceType=volume,Tags=[{Key=Name,Value=one}] "
                + "--output text --query Instances[0].InstanceId");
        await Run($"ec2 wait instance-running --instance-ids {instance}");
        Assert.Equal(
            "running\trequired\t64\tone",
            await Run(
                $"ec2 describe-instances --instance-ids {instance} --output text --query "
                    + "Reservations[0].Instances[0].[State.Name,MetadataOptions.HttpTokens,MetadataOptions.HttpPutResponseHopLimit,Tags[0].Value]"));
        Assert.Equal(
            instance,
            await Run(
                "ssm describe-instance-information --filters Key=ResourceType,Values=EC2Instance --output text "
                    + "--query InstanceInformationList[].InstanceId"));
        Assert.Equal(
            "one", await Run($"ec2 describe-volumes --filters Name=attachment.instance-id,Values={instance} --output text --query Volumes[0].Tags[0].Value"));

        await Run($"ec2 terminate-instances --instance-ids {instance}");
        await Run($"iam detach-role-policy --role-name web --policy-arn {SandboxAccount.CorePolicy}");
        await Run("iam remove-role-from-instance-profile --role-name web --instance-profile-name web");
        await Run("iam delete-instance-profile --instance-profile-name web");
        await Run("iam delete-role --role-name web");
        Assert.Empty(stage.World.Roles);
        Assert.Empty(stage.World.Profiles);
        Assert.DoesNotContain(stage.World.Instances.Values, one => one.State == InstanceState.Running);

        async Task<string> Run(string command, params string[] more)
        {
            // Old CLIs do not know AWS_ENDPOINT_URL.
            string[] arguments = ["--endpoint-url", stage.Endpoint, .. command.Split(' '), .. more];
            (int code, string output, string error) = await ClientProcess.RunAsync(
                AwsClients.CommandLines[commandLine], arguments, stage.Environment, null, _timeout);
            Assert.True(code == 0, $"aws {command}: {error}");
            return output.Trim();
        }
    }
}
