using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Http;

namespace SsmTools.Sandbox.Wire;

/// <summary>Turns a REST request into an object with the model's members: from its path, its query and its body.</summary>
internal static class RestRequestReader
{
    public static JsonObject Read(OperationModel operation, HttpRequest request)
    {
        JsonObject result = JsonRequestReader.Read(operation, request.Body);
        Dictionary<string, string> labels = Labels(operation, request.RawPath) ?? [];
        foreach (ShapeMember member in operation.Input?.Members ?? [])
        {
            if (member.Location is null)
            {
                continue;
            }

            // What the body says of a member that belongs elsewhere does not count.
            result.Remove(member.Name);
            string? text = member.Location == "uri" ? labels.GetValueOrDefault(member.WireName) : request.GetQuery(member.WireName);
            if (text is not null)
            {
                result[member.Name] = Scalar(text, member);
            }
        }

        return result;
    }

    /// <summary>What stands in the place of each label; null where the path is another one.</summary>
    public static Dictionary<string, string>? Labels(OperationModel operation, string rawPath)
    {
        string[] wanted = operation.Path.Split('/');
        string[] given = rawPath.Split('/');
        if (wanted.Length != given.Length)
        {
            return null;
        }

        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] is ['{', .. string name, '}'] && given[i].Length > 0)
            {
                labels.Add(name, Uri.UnescapeDataString(given[i]));
            }
            else if (wanted[i] != given[i])
            {
                return null;
            }
        }

        return labels;
    }

    private static JsonValue Scalar(string text, ShapeMember member) => member.Shape.Kind switch
    {
        ShapeKind.Number => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? JsonValue.Create(number)
            : throw ErrorWords.Unreadable(WireProtocol.RestJson, $"Invalid value '{text}' for {member.WireName}."),
        _ => JsonValue.Create(text),
    };
}
