using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Trail;

/// <summary>
/// Writes API calls down as CloudTrail does (CloudTrail user guide, "CloudTrail record contents"). Requests are shown with
/// what the models call sensitive, and what may hold secrets, hidden; of answers those of sessions, their tokens hidden.
/// </summary>
internal static class TrailWriter
{
    private const string Hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";
    private const int LongestText = 1024;
    private static readonly string[] s_reading = ["Describe", "Get", "List", "Lookup", "Simulate"];
    private static readonly string[] s_agents = ["UpdateInstanceInformation", "RequestManagedInstanceRoleToken", "UpdateInstanceAssociationStatus"];
    private static readonly string[] s_secrets = ["Secret", "Password", "Plaintext"];
    private static readonly string[] s_texts = ["Content", "UserData", "Message", "Policy", "AttributeValue"];
    private static readonly string[] s_shown = ["portNumber", "localPortNumber", "host"];

    /// <summary>Writes a call down, unless it is what agents do all day.</summary>
    public static void Write(
        ServiceModel model, SandboxWorld world, HttpRequest request, ApiCall call, OperationModel operation, JsonObject? answer, ServiceError? error)
    {
        if (model.Service == "ec2messages" || s_agents.Contains(operation.Name))
        {
            return;
        }

        bool readOnly = s_reading.Any(verb => operation.Name.StartsWith(verb, StringComparison.Ordinal));
        string? key = RequestSignature.Read(request)?.AccessKeyId;
        string id = world.Ids.Uuid();
        JsonObject record = new()
        {
            ["eventVersion"] = "1.11",
            ["userIdentity"] = Identity(world, call.Caller, key),
            ["eventTime"] = world.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["eventSource"] = $"{model.Service}.amazonaws.com",
            ["eventName"] = operation.Name,
            ["awsRegion"] = world.Region,
            ["sourceIPAddress"] = "127.0.0.1",
            ["userAgent"] = Cut(request.Headers["User-Agent"] ?? ""),
            ["requestParameters"] = operation.Input is null ? null : Show(call.Input, operation.Input),
            ["responseElements"] = answer is not null && operation.Name.EndsWith("Session", StringComparison.Ordinal) ? Answer(answer) : null,
            ["requestID"] = call.RequestId,
            ["eventID"] = id,
            ["readOnly"] = readOnly,
            ["eventType"] = "AwsApiCall",
            ["managementEvent"] = true,
            ["recipientAccountId"] = world.AccountId,
            ["eventCategory"] = "Management",
        };
        if (error is not null)
        {
            record["errorCode"] = error.Code;
            record["errorMessage"] = Cut(error.Message);
        }

        world.Trail.Add(new TrailEvent
        {
            Id = id,
            Sequence = world.NextSequence(),
            Time = world.Now,
            Name = operation.Name,
            Source = $"{model.Service}.amazonaws.com",
            ReadOnly = readOnly,
            UserName = call.Caller.Name,
            AccessKeyId = key,
            Record = record,
        });
    }

    private static JsonObject Identity(SandboxWorld world, Principal caller, string? key)
    {
        JsonObject identity = new()
        {
            ["type"] = caller.RoleName is null ? "IAMUser" : "AssumedRole",
            ["principalId"] = caller.UserId,
            ["arn"] = caller.Arn,
            ["accountId"] = world.AccountId,
            ["accessKeyId"] = key,
        };
        if (caller.RoleName is not string role)
        {
            identity["userName"] = caller.Name;
            return identity;
        }

        identity["sessionContext"] = new JsonObject
        {
            ["sessionIssuer"] = new JsonObject
            {
                ["type"] = "Role",
                ["principalId"] = caller.RoleId,
                ["arn"] = $"arn:aws:iam::{world.AccountId}:role/{role}",
                ["accountId"] = world.AccountId,
                ["userName"] = role,
            },
            ["attributes"] = new JsonObject { ["mfaAuthenticated"] = "false" },
        };
        return identity;
    }

    private static JsonObject Show(JsonObject input, Shape shape)
    {
        JsonObject shown = [];
        foreach (ShapeMember member in shape.Members)
        {
            if (input[member.Name] is JsonNode value)
            {
                shown[Camel(member.Name)] = IsSecret(member) ? Hidden : Show(value, member.Shape, member.Name);
            }
        }

        return shown;
    }

    private static JsonNode? Show(JsonNode value, Shape shape, string name) => (value, shape.Kind) switch
    {
        (JsonObject map, _) when name == "Parameters" => Parameters(map),
        (JsonObject structure, ShapeKind.Structure) => Show(structure, shape),
        (JsonArray list, ShapeKind.List) when shape.Item is { } item => list.ToJson(one => one is null ? null : Show(one, item.Shape, item.Name)),
        (JsonValue text, ShapeKind.Text) => text.TryGetValue(out string? plain) ? Cut(plain) : Hidden,
        (JsonValue one, ShapeKind.Number or ShapeKind.Flag or ShapeKind.Real) => one.DeepClone(),
        (JsonValue one, ShapeKind.Time) => one.ToString(),
        (_, ShapeKind.Map) => Hidden,
        _ => Hidden,
    };

    // Commands and scripts are parameters of documents; ports and hosts say where a tunnel leads.
    private static JsonNode Parameters(JsonObject map) => map.All(entry => s_shown.Contains(entry.Key))
        ? map.DeepClone()
        : Hidden;

    private static JsonObject Answer(JsonObject answer)
    {
        JsonObject shown = [];
        foreach ((string name, JsonNode? value) in answer)
        {
            if (value is not null)
            {
                shown[Camel(name)] = name == "TokenValue" ? "Value hidden due to security reasons." : value.DeepClone();
            }
        }

        return shown;
    }

    private static bool IsSecret(ShapeMember member) =>
        member.Shape.Sensitive || member.Shape.Kind == ShapeKind.Blob
        || s_texts.Contains(member.Name, StringComparer.OrdinalIgnoreCase) // CloudWatch Logs writes its members small
        || s_secrets.Any(word => member.Name.Contains(word, StringComparison.OrdinalIgnoreCase))
        || (member.Name.EndsWith("Token", StringComparison.Ordinal) && member.Name is not ("NextToken" or "ClientToken" or "ClientRequestToken"));

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Cut(string text) => text.Length > LongestText ? text[..LongestText] : text;
}
