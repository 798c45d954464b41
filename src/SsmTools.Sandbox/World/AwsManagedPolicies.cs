using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>The managed policies of AWS that are known here, with the rights that they give.</summary>
internal static class AwsManagedPolicies
{
    public const string Core = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

    private static readonly DateTimeOffset s_created = new(2019, 3, 15, 17, 22, 12, TimeSpan.Zero);

    private static readonly string[] s_ssm =
    [
        "ssm:DescribeAssociation", "ssm:GetDeployablePatchSnapshotForInstance", "ssm:GetDocument", "ssm:DescribeDocument",
        "ssm:GetManifest", "ssm:GetParameter", "ssm:GetParameters", "ssm:ListAssociations", "ssm:ListInstanceAssociations",
        "ssm:PutInventory", "ssm:PutComplianceItems", "ssm:PutConfigurePackageResult", "ssm:UpdateAssociationStatus",
        "ssm:UpdateInstanceAssociationStatus", "ssm:UpdateInstanceInformation",
    ];

    private static readonly string[] s_channels =
    [
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ];

    private static readonly string[] s_messages =
    [
        "ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage", "ec2messages:FailMessage", "ec2messages:GetEndpoint",
        "ec2messages:GetMessages", "ec2messages:SendReply",
    ];

    private static readonly string[] s_directory = ["ds:CreateComputer", "ds:DescribeDirectories"];

    public static IEnumerable<PolicyRecord> Create(IdSource ids)
    {
        yield return Policy(
            "/", "AmazonSSMManagedInstanceCore",
            "The policy for Amazon EC2 Role to enable AWS Systems Manager service core functionality.", s_ssm, s_channels, s_messages);
        yield return Policy(
            "/service-role/", "AmazonEC2RoleforSSM",
            "This policy will soon be deprecated. Please use AmazonSSMManagedInstanceCore policy to enable AWS Systems Manager service core "
                + "functionality on EC2 instances.",
            s_ssm, s_channels, s_messages, ["cloudwatch:PutMetricData"], ["ec2:DescribeInstanceStatus"], s_directory,
            [
                "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents",
            ],
            [
                "s3:GetBucketLocation", "s3:PutObject", "s3:GetObject", "s3:GetEncryptionConfiguration", "s3:AbortMultipartUpload",
                "s3:ListMultipartUploadParts", "s3:ListBucket", "s3:ListBucketMultipartUploads",
            ]);
        yield return Policy(
            "/", "AmazonSSMManagedEC2InstanceDefaultPolicy",
            "This policy enables AWS Systems Manager functionality on EC2 instances.", s_ssm, s_channels, s_messages);
        yield return Policy(
            "/", "CloudWatchAgentServerPolicy", "Permissions required to use AmazonCloudWatchAgent on servers",
            [
                "cloudwatch:PutMetricData", "ec2:DescribeVolumes", "ec2:DescribeTags", "logs:PutLogEvents", "logs:PutRetentionPolicy",
                "logs:DescribeLogStreams", "logs:DescribeLogGroups", "logs:CreateLogStream", "logs:CreateLogGroup",
                "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
            ]);
        yield return Policy(
            "/", "AmazonSSMPatchAssociation",
            "Provide access to child instances for patch association operation.",
            [
                "ssm:DescribeEffectivePatchesForPatchBaseline", "ssm:GetPatchBaseline", "tag:GetResources", "ssm:DescribePatchBaselines",
            ]);
        yield return Policy(
            "/service-role/", "AmazonSSMAutomationRole",
            "Provides permissions for EC2 Automation service to execute activities defined within Automation documents",
            ["lambda:InvokeFunction"],
            [
                "ec2:CreateImage", "ec2:CopyImage", "ec2:DeregisterImage", "ec2:DescribeImages", "ec2:DeleteSnapshot",
                "ec2:StartInstances", "ec2:RunInstances", "ec2:StopInstances", "ec2:TerminateInstances",
                "ec2:DescribeInstanceStatus", "ec2:CreateTags", "ec2:DeleteTags", "ec2:DescribeTags",
                "cloudformation:CreateStack", "cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks",
                "cloudformation:UpdateStack", "cloudformation:DeleteStack",
            ],
            ["ssm:*"], ["sns:Publish"]);
        yield return Policy(
            "/", "AmazonSSMDirectoryServiceAccess",
            "This policy allows the SSM Agent to access Directory Service on behalf of the customer for domain-join the managed instance.",
            s_directory);

        PolicyRecord Policy(string path, string name, string description, params string[][] actions)
        {
            JsonArray statements = [];
            foreach (string[] group in actions)
            {
                statements.Add(new JsonObject
                {
                    ["Effect"] = "Allow",
                    ["Action"] = new JsonArray([.. group.Select(action => JsonValue.Create(action))]),
                    ["Resource"] = "*",
                });
            }

            JsonObject document = new() { ["Version"] = "2012-10-17", ["Statement"] = statements };
            return new PolicyRecord
            {
                Name = name,
                Path = path,
                Id = ids.Iam("ANPA"),
                Arn = $"arn:aws:iam::aws:policy{path}{name}",
                Created = s_created,
                Description = description,
                OwnedByAws = true,
                Versions = { [1] = document.ToJsonString(JsonSerializerOptions.Default) },
            };
        }
    }
}
