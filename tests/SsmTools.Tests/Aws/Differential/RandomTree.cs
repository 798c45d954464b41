using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SsmTools.ApiGenerator.Model;

namespace SsmTools.Tests.Aws.Differential;

/// <summary>Makes values of a model's shapes, down to the last level, as JSON keyed by the model's member names.</summary>
internal sealed class RandomTree(ServiceModel model, Random random)
{
    private const int MaximumDepth = 14;

    /// <summary>What tends to go wrong in JSON, XML, forms and percent-encoding.</summary>
    private static readonly Rune[] s_characters = "aZ09 -_.~/+%&=<>\"'\\\n\t:#?,;{}[]*é€\ud83d\ude00".EnumerateRunes().ToArray();

    public JsonObject Structure(Shape shape, bool isRequest, int depth = 0)
    {
        JsonObject tree = [];
        foreach (Member member in shape.Members)
        {
            // A path has all its parts, and each of them more than dots.
            if (isRequest && member.Location == "uri")
            {
                tree.Add(member.Name, "a" + Text(0));
                continue;
            }

            // A client token that is not there would be made up.
            bool isNeeded = isRequest && member.IsIdempotencyToken;
            if ((isNeeded || random.Next(10) > 0)
                && Value(model.ShapeOf(member), isRequest, depth + 1) is { } value
                && !IsEmptyCollection(value))
            {
                tree.Add(member.Name, value);
            }
        }

        return tree;
    }

    // Where there is nothing in a member, an empty list is as good as none: our types cannot tell them apart.
    private static bool IsEmptyCollection(JsonNode value) => value is JsonArray { Count: 0 };

    private JsonNode? Value(Shape shape, bool isRequest, int depth) => shape.Kind switch
    {
        ShapeKind.Structure => depth > MaximumDepth ? null : Structure(shape, isRequest, depth),
        ShapeKind.List => List(shape, isRequest, depth),
        ShapeKind.Map => Map(shape, isRequest, depth),
        ShapeKind.String => Text(0),
        ShapeKind.Integer => random.Next(int.MinValue, int.MaxValue),
        ShapeKind.Long => random.NextInt64(long.MinValue, long.MaxValue),
        ShapeKind.Double => random.Next(-100_000, 100_000) / 4.0 + 0.25,
        ShapeKind.Boolean => random.Next(2) == 0,
        ShapeKind.Timestamp => Time(isRequest),
        ShapeKind.Blob => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(1))),
        _ => throw new InvalidOperationException(shape.Kind.ToString()),
    };

    private JsonArray List(Shape shape, bool isRequest, int depth)
    {
        JsonArray list = [];
        for (int i = random.Next(4); i > 0; i--)
        {
            if (Value(model.ShapeOf(shape.Element!), isRequest, depth + 1) is { } value)
            {
                list.Add(value);
            }
        }

        return list;
    }

    private JsonObject? Map(Shape shape, bool isRequest, int depth)
    {
        JsonObject map = [];
        for (int i = random.Next(4); i > 0; i--)
        {
            if (Value(model.ShapeOf(shape.Element!), isRequest, depth + 1) is { } value)
            {
                map[Text(1)] = value;
            }
        }

        return map.Count == 0 ? null : map;
    }

    private string Text(int minimum)
    {
        StringBuilder text = new();
        for (int i = random.Next(minimum, 12); i > 0; i--)
        {
            text.Append(s_characters[random.Next(s_characters.Length)].ToString());
        }

        return text.ToString();
    }

    // botocore writes requests with whole seconds or with microseconds; milliseconds would only differ in spelling.
    private string Time(bool isRequest) => DateTime.UnixEpoch
        .AddSeconds(random.Next(1_000_000_000, 2_000_000_000))
        .AddMilliseconds(isRequest ? 0 : random.Next(1000))
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
