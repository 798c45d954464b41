using SsmTools.Engine;
using SsmTools.Engine.Access;
using Xunit;

namespace SsmTools.Tests.Access;

public sealed class AccessDocumentTests
{
    private const string Golden = """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "StartSessionsOnNodes",
              "Effect": "Allow",
              "Action": [
                "ssm:StartSession"
              ],
              "Resource": [
                "arn:aws:ec2:eu-west-1:123456789012:instance/*",
                "arn:aws:ssm:eu-west-1:123456789012:managed-instance/*"
              ],
              "Condition": {
                "BoolIfExists": {
                  "ssm:SessionDocumentAccessCheck": "true"
                },
                "StringEquals": {
                  "ssm:resourceTag/Stage": [
                    "dev",
                    "test"
                  ],
                  "ssm:resourceTag/Team": [
                    "web"
                  ]
                }
              }
            },
            {
              "Sid": "StartSessionsWithDocuments",
              "Effect": "Allow",
              "Action": [
                "ssm:StartSession"
              ],
              "Resource": [
                "arn:aws:ssm:eu-west-1:123456789012:document/SSM-SessionManagerRunShell",
                "arn:aws:ssm:eu-west-1::document/AWS-StartPortForwardingSession"
              ],
              "Condition": {
                "BoolIfExists": {
                  "ssm:SessionDocumentAccessCheck": "true"
                }
              }
            },
            {
              "Sid": "ResumeAndEndOwnSessions",
              "Effect": "Allow",
              "Action": [
                "ssm:ResumeSession",
                "ssm:TerminateSession"
              ],
              "Resource": [
                "arn:aws:ssm:eu-west-1:123456789012:session/*"
              ],
              "Condition": {
                "StringEquals": {
                  "ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}"
                }
              }
            },
            {
              "Sid": "OpenOwnSessionsChannels",
              "Effect": "Allow",
              "Action": [
                "ssmmessages:OpenDataChannel"
              ],
              "Resource": [
                "arn:aws:ssm:eu-west-1:123456789012:session/${aws:userid}-*",
                "arn:aws:ssm:eu-west-1:123456789012:session/${aws:username}-*"
              ]
            },
            {
              "Sid": "SeeNodesAndSessions",
              "Effect": "Allow",
              "Action": [
                "ec2:DescribeInstances",
                "ssm:DescribeInstanceInformation",
                "ssm:DescribeSessions",
                "ssm:GetConnectionStatus"
              ],
              "Resource": [
                "*"
              ]
            },
            {
              "Sid": "EncryptSessions",
              "Effect": "Allow",
              "Action": [
                "kms:GenerateDataKey"
              ],
              "Resource": [
                "arn:aws:kms:eu-west-1:123456789012:key/1"
              ]
            }
          ]
        }
        """;

    [Fact]
    public void The_same_request_gives_the_same_document_in_a_fixed_order()
    {
        AccessPolicyRequest request = Tagged(("Team", ["web"]), ("Stage", ["test", "dev"])) with { PortForwarding = true };
        AccessPolicyRequest turned = Tagged(("Stage", ["dev", "test"]), ("Team", ["web"])) with { PortForwarding = true };

        Assert.Equal(Golden.ReplaceLineEndings("\n"), Write(request, "arn:aws:kms:eu-west-1:123456789012:key/1"));
        Assert.Equal(Golden.ReplaceLineEndings("\n"), Write(turned, "arn:aws:kms:eu-west-1:123456789012:key/1"));
    }

    [Fact]
    public void Values_of_tags_are_never_variables_and_keep_to_the_characters_of_iam()
    {
        string json = Write(Tagged(("Who", ["${aws:username}", "Zoë 東京 \"x\" <&>"])));

        Assert.Contains("\"${$}{aws:username}\"", json, StringComparison.Ordinal);
        Assert.Contains(@"Zo\u00eb \u6771\u4eac \""x\"" <&>", json, StringComparison.Ordinal);
        Assert.All(json, character => Assert.InRange(character, '\n', '~'));
    }

    [Fact]
    public void Run_command_is_in_it_only_when_asked_for()
    {
        Assert.DoesNotContain("SendCommand", Write(Tagged(("Team", ["web"]))), StringComparison.Ordinal);

        string json = Write(Tagged(("Team", ["web"])) with { RunCommand = true });

        Assert.Contains("arn:aws:ssm:eu-west-1::document/AWS-RunShellScript", json, StringComparison.Ordinal);
        Assert.Contains("ssm:GetCommandInvocation", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_and_documents_are_the_ones_that_were_named()
    {
        string json = Write(new AccessPolicyRequest
        {
            InstanceIds = ["i-0123456789abcdef0", "mi-0123456789abcdef0"],
            Documents = ["Ops-Shell", "arn:aws:ssm:eu-west-1:999999999999:document/Shared-Shell"],
        });

        Assert.Contains("\"arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0\"", json, StringComparison.Ordinal);
        Assert.Contains("\"arn:aws:ssm:eu-west-1:123456789012:managed-instance/mi-0123456789abcdef0\"", json, StringComparison.Ordinal);
        Assert.Contains("\"arn:aws:ssm:eu-west-1:123456789012:document/Ops-Shell\"", json, StringComparison.Ordinal);
        Assert.Contains("\"arn:aws:ssm:eu-west-1:999999999999:document/Shared-Shell\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("SSM-SessionManagerRunShell", json, StringComparison.Ordinal);
        Assert.DoesNotContain("instance/*", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NodesNotNamed", "", "", null, null)]
    [InlineData("NodeIdInvalid", "i-*", "", null, null)]
    [InlineData("NodeIdInvalid", "web-1", "", null, null)]
    [InlineData("DocumentNameInvalid", "i-0123456789abcdef0", "Ops-*", null, null)]
    [InlineData("DocumentNameInvalid", "i-0123456789abcdef0", "${aws:username}", null, null)]
    [InlineData("AccessPolicyNameInvalid", "i-0123456789abcdef0", "", "not good", null)]
    [InlineData("AccessPolicyNameMissing", "i-0123456789abcdef0", "", null, "ann")]
    [InlineData("PrincipalNameInvalid", "i-0123456789abcdef0", "", "ops", "arn:aws:iam::1:user/ann")]
    public void What_cannot_be_is_refused_before_anything_is_called(string error, string id, string document, string? name, string? user)
    {
        AccessPolicyRequest request = new()
        {
            InstanceIds = id.Length > 0 ? [id] : [],
            Documents = document.Length > 0 ? [document] : [],
            Name = name,
            UserNames = user is null ? [] : [user],
        };

        EngineException refused = Assert.Throws<EngineException>(() => AccessRules.Check(request));

        Assert.Equal((error, ErrorKind.InvalidArgument), (refused.ErrorId, refused.Kind));
        Assert.NotNull(refused.Recommendation);
    }

    private static AccessPolicyRequest Tagged(params (string Key, string[] Values)[] tags) => new()
    {
        NodeTags = tags.ToDictionary(tag => tag.Key, tag => (IReadOnlyList<string>)tag.Values),
    };

    private static string Write(AccessPolicyRequest request, string? key = null) =>
        AccessDocument.Write(new AccessScope(request, "aws", "eu-west-1", "123456789012", key));
}
