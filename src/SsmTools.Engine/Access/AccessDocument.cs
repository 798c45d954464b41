using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SsmTools.Engine.Access;

/// <summary>
/// Writes an operator's policy: the same bytes for the same request, in a fixed order of statements and keys, with lists
/// sorted.
/// </summary>
/// <remarks>
/// From the Systems Manager User Guide, "Sample IAM policies for Session Manager", "Additional sample IAM policies" and
/// "Enforce a session document permission check". A session belongs to whose aws:userid it is tagged with (method 2
/// there): a name with a star after it (method 1) would let ann end the sessions of ann-marie.
/// </remarks>
internal static class AccessDocument
{
    /// <summary>What a session is tagged with by the service: its owner's aws:userid.</summary>
    public const string SessionOwnerKey = "ssm:resourceTag/aws:ssmmessages:session-id";

    /// <summary>The condition that holds every session against the rights on its document, named or not.</summary>
    public const string DocumentCheckKey = "ssm:SessionDocumentAccessCheck";

    /// <summary>Most characters of a managed policy, white space aside.</summary>
    public const int MostCharacters = 6144;

    public static readonly string[] Looks =
        ["ec2:DescribeInstances", "ssm:DescribeInstanceInformation", "ssm:DescribeSessions", "ssm:GetConnectionStatus"];

    public static readonly string[] CommandLooks =
        ["ssm:CancelCommand", "ssm:GetCommandInvocation", "ssm:ListCommandInvocations", "ssm:ListCommands"];

    private static readonly JsonWriterOptions s_layout =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The length that IAM counts.</summary>
    public static int Measure(string json) => json.Count(character => !char.IsWhiteSpace(character));

    /// <summary>The document.</summary>
    public static string Write(AccessScope scope)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, s_layout))
        {
            writer.WriteStartObject();
            writer.WriteString("Version", "2012-10-17");
            writer.WriteStartArray("Statement");
            WriteStatements(writer, scope);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Escape(Encoding.UTF8.GetString(buffer.WrittenSpan)).ReplaceLineEndings("\n");
    }

    /// <summary>A value in which no variable is seen: <c>${</c> begins one even where stars count for nothing.</summary>
    public static string Literal(string value) => value.Replace("${", "${$}{", StringComparison.Ordinal);

    private static void WriteStatements(Utf8JsonWriter writer, AccessScope scope)
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> tags = scope.Request.NodeTags;
        IEnumerable<string> documents = scope.Documents.Select(scope.DocumentArn);
        Allow(writer, "StartSessionsOnNodes", ["ssm:StartSession"], scope.Nodes, tags, isChecked: true);
        Allow(writer, "StartSessionsWithDocuments", ["ssm:StartSession"], documents, isChecked: true);
        Allow(
            writer, "ResumeAndEndOwnSessions", ["ssm:ResumeSession", "ssm:TerminateSession"], [scope.Ssm("session/*")], isOwn: true);
        Allow(
            writer, "OpenOwnSessionsChannels", ["ssmmessages:OpenDataChannel"],
            [scope.Ssm("session/${aws:userid}-*"), scope.Ssm("session/${aws:username}-*")]);
        Allow(writer, "SeeNodesAndSessions", Looks, ["*"]);
        if (scope.KeyArn is { } key)
        {
            Allow(writer, "EncryptSessions", ["kms:GenerateDataKey"], [key]);
        }

        if (scope.Request.RunCommand)
        {
            Allow(writer, "RunCommandsOnNodes", ["ssm:SendCommand"], scope.Nodes, tags);
            Allow(writer, "RunCommandsWithDocuments", ["ssm:SendCommand"], AccessScope.CommandDocuments.Select(scope.DocumentArn));
            Allow(writer, "FollowCommands", CommandLooks, ["*"]);
        }
    }

    private static void Allow(
        Utf8JsonWriter writer,
        string sid,
        IEnumerable<string> actions,
        IEnumerable<string> resources,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? tags = null,
        bool isChecked = false,
        bool isOwn = false)
    {
        writer.WriteStartObject();
        writer.WriteString("Sid", sid);
        writer.WriteString("Effect", "Allow");
        WriteList(writer, "Action", actions);
        WriteList(writer, "Resource", resources);
        if (isChecked || isOwn || tags is { Count: > 0 })
        {
            writer.WriteStartObject("Condition");
            if (isChecked)
            {
                writer.WriteStartObject("BoolIfExists");
                writer.WriteString(DocumentCheckKey, "true");
                writer.WriteEndObject();
            }

            if (isOwn)
            {
                writer.WriteStartObject("StringEquals");
                writer.WriteString(SessionOwnerKey, "${aws:userid}");
                writer.WriteEndObject();
            }
            else if (tags is { Count: > 0 })
            {
                writer.WriteStartObject("StringEquals");
                foreach ((string key, IReadOnlyList<string> values) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
                {
                    WriteList(writer, $"ssm:resourceTag/{key}", values.Select(Literal));
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    // IAM takes no characters beyond Latin-1, except escaped.
    private static string Escape(string json)
    {
        StringBuilder text = new(json.Length);
        foreach (char character in json)
        {
            if (character < 0x7f)
            {
                text.Append(character);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
        }

        return text.ToString();
    }
}
