using System.Text.Json.Nodes;
using SsmTools.Engine;
using SsmTools.Engine.Preferences;
using Xunit;

namespace SsmTools.Tests.Preferences;

public sealed class PreferenceDocumentTests
{
    private const string Mixed = """
        {
          "schemaVersion": "1.0", "description": "ours", "sessionType": "Standard_Stream", "owner": "me",
          "inputs": { "s3BucketName": "logs", "s3KeyPrefix": "/a/b/", "newThing": [1], "idleSessionTimeout": "15",
            "shellProfile": { "linux": "cd ~", "macos": "zsh" }, "runAsEnabled": "true" }
        }
        """;

    [Fact]
    public void What_is_there_is_read_and_what_is_missing_has_the_services_own_value()
    {
        PreferenceDocument document = PreferenceDocument.Read(Mixed);
        Assert.Empty(document.Problems);
        SessionPreferenceDescription read = document.Describe("eu-west-1", "4", Mixed);
        Assert.Equal(("logs/a/b", "", 15, 0), (read.LogBucket, read.LogGroup, read.IdleTimeoutMinutes, read.MaxDurationMinutes));
        Assert.Equal((true, true, "cd ~", ""), (read.RunAs, read.RequireBucketEncryption, read.LinuxProfile, read.WindowsProfile));
        Assert.Equal(["owner", "inputs.newThing", "inputs.shellProfile.macos"], read.OtherSettings);
    }

    [Fact]
    public void What_is_not_known_outlives_a_change()
    {
        PreferenceDocument after = PreferenceDocument.Read(Mixed).With(PreferenceRules.Read(new SessionPreferenceRequest
        {
            LogBucket = "other",
            WindowsProfile = "ls",
            RunAs = true,
        }, "eu-west-1"));
        JsonNode root = JsonNode.Parse(after.Text)!;
        Assert.Equal("me", (string?)root["owner"]);
        Assert.Equal(1, (int)root["inputs"]!["newThing"]![0]!);
        Assert.Equal("zsh", (string?)root["inputs"]!["shellProfile"]!["macos"]);
        Assert.Equal("ls", (string?)root["inputs"]!["shellProfile"]!["windows"]);
        Assert.Equal("true", (string?)root["inputs"]!["runAsEnabled"]);
        Assert.Equal(
            ["log bucket: logs -> other", "prefix in the bucket: /a/b/ -> none", "Windows profile: none -> ls"],
            PreferenceDocument.Read(Mixed).DifferencesTo(after));
    }

    [Fact]
    public void What_says_the_same_is_no_change()
    {
        PreferenceDocument before = PreferenceDocument.Read(Mixed);
        PreferenceDocument after = before.With(PreferenceRules.Read(new SessionPreferenceRequest
        {
            RunAs = true,
            IdleTimeoutMinutes = 15,
            KmsKeyId = "",
            LogStreaming = false,
        }, "eu-west-1"));
        Assert.True(before.IsSameAs(after));
    }

    [Theory]
    [InlineData("no json at all", "it is no JSON that can be read")]
    [InlineData("", "it is no JSON that can be read")]
    [InlineData("[1]", "it is no JSON object")]
    [InlineData("""{"a":1,"a":2}""", "it is no JSON that can be read")]
    [InlineData("""{"schemaVersion":"1.0","sessionType":"Standard_Stream"}""", "inputs is missing")]
    [InlineData("""{"schemaVersion":"2.2","sessionType":"Standard_Stream","inputs":{}}""", "schemaVersion is 2.2, not 1.0")]
    [InlineData("""{"schemaVersion":"1.0","sessionType":"Port","inputs":{}}""", "sessionType is Port, not Standard_Stream")]
    [InlineData("""{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"shellProfile":"x"}}""", "inputs.shellProfile is no object")]
    [InlineData("""{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"idleSessionTimeout":"soon"}}""", "inputs.idleSessionTimeout is 'soon'")]
    [InlineData("""{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"idleSessionTimeout":"61"}}""", "inputs.idleSessionTimeout is '61'")]
    [InlineData("""{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"idleSessionTimeout":20}}""", "inputs.idleSessionTimeout is 20, no text")]
    [InlineData("""{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"runAsEnabled":"yes"}}""", "inputs.runAsEnabled is yes, neither true nor false")]
    [InlineData("""{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"s3BucketName":{"a":1}}}""", "inputs.s3BucketName is")]
    public void What_is_broken_is_named_and_can_be_mended(string text, string problem)
    {
        PreferenceDocument document = PreferenceDocument.Read(text);
        Assert.StartsWith(problem, Assert.Single(document.Problems), StringComparison.Ordinal);
        PreferenceDocument mended = PreferenceDocument.Read(document.With(new Dictionary<string, JsonNode>()).Text);
        Assert.Empty(mended.Problems);
        Assert.Equal(20, mended.Minutes(PreferenceInput.Idle));
    }

    [Fact]
    public void Mending_loses_only_what_is_wrong()
    {
        PreferenceDocument mended = PreferenceDocument.Read(
            """{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"maxSessionDuration":"ever","kmsKeyId":"alias/a","x":1}}""")
            .With(new Dictionary<string, JsonNode>());
        Assert.Equal(("alias/a", 0), (mended.Value(PreferenceInput.KmsKey), mended.Minutes(PreferenceInput.MaxDuration)));
        Assert.Equal(["inputs.x"], mended.OtherSettings);
    }

    [Fact]
    public void A_reset_gives_everything_the_services_own_value_but_what_is_named()
    {
        PreferenceDocument after = PreferenceDocument.Read(Mixed).With(PreferenceRules.Read(
            new SessionPreferenceRequest { Reset = true, IdleTimeoutMinutes = 5 }, "eu-west-1"));
        Assert.Equal(("", "5", "false"), (after.LogBucket, after.Value(PreferenceInput.Idle), after.Value(PreferenceInput.RunAs)));
        Assert.Contains("owner", after.OtherSettings);
    }

    [Fact]
    public void A_text_that_was_there_before_gets_a_stamp_once()
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        PreferenceDocument once = PreferenceDocument.Read(Mixed).Stamped(now);
        Assert.Contains("ours [set 1970-01-01T00:00:00.000Z]", once.Text, StringComparison.Ordinal);
        Assert.Contains("ours [set 1970-01-01T00:01:00.000Z]", once.Stamped(now.AddMinutes(1)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_and_many_lined_values_are_told_in_one()
    {
        Assert.Equal("a\\nb", PreferenceInput.Shown("a\r\nb"));
        Assert.Equal(60, PreferenceInput.Shown(new string('x', 500)).Length);
    }

    public static TheoryData<string> Wrong => new(s_wrong.Keys);

    private static readonly Dictionary<string, SessionPreferenceRequest> s_wrong = new()
    {
        ["LogBucketInvalid"] = new() { LogBucket = "s3://logs" },
        ["LogGroupInvalid"] = new() { LogGroup = "a b" },
        ["KmsKeyInvalid"] = new() { KmsKeyId = "arn:aws:s3:::x" },
        ["MinutesInvalid"] = new() { IdleTimeoutMinutes = 0 },
        ["RunAsUserInvalid"] = new() { RunAsUser = "a;b" },
        ["ShellProfileTooLong"] = new() { LinuxProfile = new string('x', 513) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_right_is_refused(string id)
    {
        EngineException e = Assert.Throws<EngineException>(() => PreferenceRules.Read(s_wrong[id], "eu-west-1"));
        Assert.Equal((id, ErrorKind.InvalidArgument), (e.ErrorId, e.Kind));
    }

    [Fact]
    public void The_arn_of_a_group_stands_for_its_name()
    {
        IReadOnlyDictionary<string, JsonNode> inputs = PreferenceRules.Read(
            new SessionPreferenceRequest { LogGroup = "arn:aws:logs:eu-west-1:123456789012:log-group:/ssm/x:*" }, "eu-west-1");
        Assert.Equal("/ssm/x", (string?)inputs[PreferenceInput.Group]);
    }
}
