using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SsmTools.Sandbox.Wire;

/// <summary>Holds a request against its model: what must be there, how long, of which form. In AWS's words.</summary>
internal sealed class RequestValidator
{
    private const string IamNamePattern = @"[\w+=,.@-]+";
    private readonly WireProtocol _protocol;
    private readonly ConcurrentDictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    public RequestValidator(WireProtocol protocol)
    {
        _protocol = protocol;
    }

    /// <summary>Throws when the request does not keep to the model.</summary>
    public void Check(OperationModel operation, JsonObject request)
    {
        if (operation.Input is null)
        {
            return;
        }

        List<string> faults = [];
        Structure(request, operation.Input, "", faults);
        if (faults.Count > 0)
        {
            string plural = faults.Count == 1 ? "" : "s";
            throw new ServiceError(
                _protocol is WireProtocol.Json or WireProtocol.RestJson ? "ValidationException" : "ValidationError",
                string.Create(CultureInfo.InvariantCulture, $"{faults.Count} validation error{plural} detected: {string.Join("; ", faults)}"));
        }
    }

    private static string Camel(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..];

    private static string Shown(JsonNode? node, Shape shape)
    {
        return shape.Sensitive ? "***" : node is JsonArray array ? $"[{string.Join(", ", array.Select(item => item?.ToString()))}]" : $"{node}";
    }

    private void Structure(JsonObject given, Shape shape, string path, List<string> faults)
    {
        foreach (ShapeMember member in shape.Members)
        {
            string at = path + Camel(member.Name);
            if (given[member.Name] is JsonNode value)
            {
                Value(value, member, at, faults);
            }
            else if (shape.Required.Contains(member.Name))
            {
                if (_protocol == WireProtocol.Ec2)
                {
                    throw new ServiceError("MissingParameter", $"The request must contain the parameter {member.Ec2RequestName}");
                }

                faults.Add($"Value null at '{at}' failed to satisfy constraint: Member must not be null");
            }
        }
    }

    private void Value(JsonNode node, ShapeMember member, string path, List<string> faults)
    {
        Shape shape = member.Shape;
        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                Structure(node.AsObject(), shape, path + ".", faults);
                break;
            case ShapeKind.List:
                JsonArray list = node.AsArray();
                Range(list.Count, node, shape, path, "length ", faults);
                for (int i = 0; i < list.Count; i++)
                {
                    if (list[i] is JsonNode item)
                    {
                        Value(item, shape.Item!, string.Create(CultureInfo.InvariantCulture, $"{path}.{i + 1}.member"), faults);
                    }
                }

                break;
            case ShapeKind.Map:
                Range(node.AsObject().Count, node, shape, path, "length ", faults);
                foreach ((string key, JsonNode? item) in node.AsObject())
                {
                    if (item is not null)
                    {
                        Value(item, shape.Item!, $"{path}.{key}.member", faults);
                    }
                }

                break;
            case ShapeKind.Number:
                Range(node.GetValue<long>(), node, shape, path, "value ", faults);
                break;
            case ShapeKind.Text:
                Text(node.GetValue<string>(), shape, path, faults);
                break;
            default:
                break;
        }
    }

    private void Text(string text, Shape shape, string path, List<string> faults)
    {
        Range(text.Length, text, shape, path, "length ", faults);
        if (shape.Pattern is string pattern && !Matches(pattern, text))
        {
            if (_protocol == WireProtocol.Query && pattern == IamNamePattern)
            {
                throw new ServiceError(
                    "ValidationError",
                    $"The specified value for {path} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-");
            }

            faults.Add($"Value '{Shown(text, shape)}' at '{path}' failed to satisfy constraint: "
                + $"Member must satisfy regular expression pattern: {pattern}");
        }

        // EC2 checks its enumerations operation by operation, with words of their own.
        if (shape.Values.Count > 0 && !shape.Values.Contains(text) && _protocol != WireProtocol.Ec2)
        {
            faults.Add($"Value '{Shown(text, shape)}' at '{path}' failed to satisfy constraint: "
                + $"Member must satisfy enum value set: [{string.Join(", ", shape.Values)}]");
        }
    }

    private void Range(double size, JsonNode? node, Shape shape, string path, string what, List<string> faults)
    {
        string? bound = size < shape.Minimum ? $"greater than or equal to {shape.Minimum}"
            : size > shape.Maximum ? $"less than or equal to {shape.Maximum}"
            : null;
        if (bound is null)
        {
            return;
        }

        if (_protocol == WireProtocol.Ec2)
        {
            throw new ServiceError(
                "InvalidParameterValue",
                $"Value ( {Shown(node, shape)} ) for parameter {path} is invalid. Expecting a {what.Trim()} {bound}.");
        }

        faults.Add($"Value '{Shown(node, shape)}' at '{path}' failed to satisfy constraint: Member must have {what}{bound}");
    }

    private bool Matches(string pattern, string text)
    {
        Regex regex = _patterns.GetOrAdd(pattern, static source =>
        {
            // The models' patterns are Java's, where \w is ASCII and the whole text must match.
            string whole = $"^(?:{source})$(?!\\n)";
            try
            {
                return new Regex(whole, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1));
            }
            catch (ArgumentException)
            {
                return new Regex(whole, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            }
        });
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
