using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>The conditions of a statement (IAM user guide, "IAM JSON policy elements: Condition operators").</summary>
internal static class PolicyConditions
{
    private const string AnyValue = "ForAnyValue:";
    private const string AllValues = "ForAllValues:";
    private const string Optional = "IfExists";

    /// <summary>Whether every condition holds. An operator that nobody knows never does.</summary>
    public static bool Hold(JsonNode? condition, PolicyQuestion question) =>
        condition is not JsonObject operators || operators.All(one =>
            one.Value is JsonObject keys && keys.All(key => Holds(one.Key, key.Key, PolicyDocument.Texts(key.Value), question)));

    private static bool Holds(string name, string key, IReadOnlyList<string> wanted, PolicyQuestion question)
    {
        bool any = name.StartsWith(AnyValue, StringComparison.OrdinalIgnoreCase);
        bool all = name.StartsWith(AllValues, StringComparison.OrdinalIgnoreCase);
        string plain = any || all ? name[AnyValue.Length..] : name;
        IReadOnlyList<string> actual = question.Values(key);
        if (plain.Equals("Null", StringComparison.OrdinalIgnoreCase))
        {
            return wanted.Contains(actual.Count == 0 ? "true" : "false", StringComparer.OrdinalIgnoreCase);
        }

        bool optional = plain.EndsWith(Optional, StringComparison.OrdinalIgnoreCase);
        plain = optional ? plain[..^Optional.Length] : plain;
        bool isNot = plain.Contains("Not", StringComparison.OrdinalIgnoreCase);
        if (actual.Count == 0)
        {
            return optional || all || (isNot && !any);
        }

        string positive = plain.Replace("Not", "", StringComparison.OrdinalIgnoreCase).ToLowerInvariant();
        bool Fits(string value) => wanted.Any(one => Compare(positive, one, value, question)) != isNot;
        return all || isNot ? actual.All(Fits) : actual.Any(Fits);
    }

    private static bool Compare(string operation, string wanted, string actual, PolicyQuestion question) => operation switch
    {
        "stringequals" => PolicyPattern.Covers(wanted, actual, question, wild: false),
        "stringequalsignorecase" => PolicyPattern.Covers(wanted, actual, question, ignoreCase: true, wild: false),
        "stringlike" or "arnlike" or "arnequals" => PolicyPattern.Covers(wanted, actual, question),
        "bool" => string.Equals(wanted, actual, StringComparison.OrdinalIgnoreCase),
        "ipaddress" => IPNetwork.TryParse(wanted.Contains('/', StringComparison.Ordinal) ? wanted : $"{wanted}/32", out IPNetwork network)
            && IPAddress.TryParse(actual, out IPAddress? address) && network.Contains(address),
        _ when operation.StartsWith("numeric", StringComparison.Ordinal) =>
            double.TryParse(wanted, CultureInfo.InvariantCulture, out double number)
            && double.TryParse(actual, CultureInfo.InvariantCulture, out double value) && Order(operation[7..], value.CompareTo(number)),
        _ when operation.StartsWith("date", StringComparison.Ordinal) =>
            Wire.Timestamps.TryParse(wanted, out DateTimeOffset time) && Wire.Timestamps.TryParse(actual, out DateTimeOffset moment)
            && Order(operation[4..], moment.CompareTo(time)),
        _ => false,
    };

    private static bool Order(string relation, int order) => relation switch
    {
        "equals" => order == 0,
        "lessthan" => order < 0,
        "lessthanequals" => order <= 0,
        "greaterthan" => order > 0,
        "greaterthanequals" => order >= 0,
        _ => false,
    };
}
