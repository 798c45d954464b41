using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Tests.Sandbox.Wire;

/// <summary>Requests of the right form with odd contents, from a seed.</summary>
internal sealed class RandomRequests(int seed, IReadOnlyList<string> words)
{
    private static readonly string[] s_odd =
    [
        "", " ", "*", "/", "0", "-1", "i-", "arn:", "arn:aws:iam::aws:policy/", "{", "{}", "[]", """{"Statement":[]}""", """{"Statement":{"Effect":7}}""",
        """{"Version":1,"Statement":[{"Effect":"Allow","Action":{},"Principal":[]}]}""", "a\u0001b", "\ud800", "🙂", "10.0.0.0/33", "0.0.0.0/0",
        "::/0", "tcp", "%", "+", "&=", new string('x', 3000), "9999999999999", "2026-11-22T08:00:00Z", "aws:x", "tag:Name",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A structure with some of the shape's members.</summary>
    public JsonObject Structure(Shape shape, int depth = 0)
    {
        JsonObject result = [];
        foreach (ShapeMember member in shape.Members)
        {
            bool wanted = shape.Required.Contains(member.Name) ? _random.Next(20) > 0 : _random.Next(4 + (2 * depth)) == 0;
            if (wanted && depth < 5 && member.Name != "DryRun" && Value(member.Shape, depth + 1) is JsonNode value)
            {
                result[member.Name] = value;
            }
        }

        return result;
    }

    /// <summary>The same as form parameters.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Form(JsonNode node, Shape shape, WireProtocol protocol, string prefix = "")
    {
        switch (node)
        {
            case JsonObject structure:
                return structure.Where(pair => pair.Value is not null).SelectMany(pair =>
                {
                    ShapeMember member = shape.Members.First(one => one.Name == pair.Key);
                    string name = protocol == WireProtocol.Ec2 ? member.Ec2RequestName : member.WireName;
                    return Form(pair.Value!, member.Shape, protocol, $"{prefix}{name}.");
                });
            case JsonArray list:
                string middle = protocol == WireProtocol.Ec2 ? "" : "member.";
                return list.SelectMany((item, i) => Form(item!, shape.Item!.Shape, protocol, $"{prefix}{middle}{i + 1}."));
            default:
                return [KeyValuePair.Create(prefix.TrimEnd('.'), node.ToString())];
        }
    }

    private JsonNode? Value(Shape shape, int depth) => shape.Kind switch
    {
        ShapeKind.Structure => Structure(shape, depth),
        ShapeKind.List => new JsonArray([.. Enumerable.Range(0, _random.Next(3)).Select(_ => Value(shape.Item!.Shape, depth + 1))]),
        ShapeKind.Map => null,
        ShapeKind.Number => JsonValue.Create(_random.Next(6) switch { 0 => -1, 1 => 0, 2 => 1, 3 => 5, 4 => 443, _ => _random.NextInt64() }),
        ShapeKind.Real => JsonValue.Create(_random.NextDouble()),
        ShapeKind.Flag => JsonValue.Create(_random.Next(2) == 0),
        ShapeKind.Time => JsonValue.Create(1_795_000_000.5),
        _ => JsonValue.Create(Word(shape)),
    };

    private string Word(Shape shape)
    {
        return _random.Next(10) switch
        {
            < 6 when shape.Values.Count > 0 => shape.Values[_random.Next(shape.Values.Count)],
            < 7 => words[_random.Next(words.Count)],
            _ => s_odd[_random.Next(s_odd.Length)],
        };
    }
}
