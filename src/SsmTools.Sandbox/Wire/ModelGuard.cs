using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Wire;

/// <summary>Catches answers that the model does not know: a mistake of ours, never a caller's.</summary>
internal static class ModelGuard
{
    public static void OnlyKnown(JsonObject given, Shape shape)
    {
        foreach ((string name, JsonNode? _) in given)
        {
            if (!shape.Members.Any(member => member.Name == name))
            {
                throw new InvalidOperationException($"{shape.Name} has no member {name}.");
            }
        }
    }

    public static long Integer(JsonNode node)
    {
        JsonValue value = node.AsValue();
        return value.TryGetValue(out long number) ? number : value.GetValue<int>();
    }
}
