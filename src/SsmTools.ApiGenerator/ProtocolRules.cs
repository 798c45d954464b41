using SsmTools.ApiGenerator.Model;

namespace SsmTools.ApiGenerator;

/// <summary>What a member is called on the wire, and the few members whose text is encoded once more there.</summary>
internal sealed class ProtocolRules(ServiceModel model)
{
    /// <summary>Plain text to us, base64 to EC2, though the model says no more than "string".</summary>
    private static readonly HashSet<string> s_base64Text = new(StringComparer.Ordinal)
    {
        "RunInstancesRequest.UserData",
        "GetConsoleOutputResult.Output",
    };

    /// <summary>Verbs of calls that must not be sent twice, unless a client token tells a repetition.</summary>
    private static readonly string[] s_onceVerbs = ["Create", "Start", "Send", "Run", "Allocate", "Associate", "Register"];

    /// <summary>Calls that begin with such a verb and yet do no harm when repeated.</summary>
    private static readonly HashSet<string> s_repeatable = new(StringComparer.Ordinal) { "CreateTags", "StartInstances" };

    private static readonly string[] s_tokenMembers = ["ClientToken", "ClientRequestToken"];

    /// <summary>Whether a request has the member in its path or query.</summary>
    /// <exception cref="InvalidDataException">It is in a place that the runtime does not know.</exception>
    public bool IsInAddress(Member member) => model.Protocol == Protocol.RestJson && member.Location switch
    {
        null => false,
        "uri" or "querystring" => true,
        _ => throw new InvalidDataException($"{member.Name}: no runtime puts members into the {member.Location}."),
    };

    public string RequestName(Member member)
    {
        Shape shape = model.ShapeOf(member);
        string? location = member.LocationName ?? shape.LocationName;
        return model.Protocol switch
        {
            Protocol.Ec2 => member.QueryName ?? (location is null ? member.Name : Capitalize(location)),
            Protocol.Query when shape is { Kind: ShapeKind.List, Flattened: true } =>
                shape.Element!.LocationName ?? location ?? member.Name,
            _ => location ?? member.Name,
        };
    }

    public string ResponseName(Member member) =>
        member.LocationName ?? model.ShapeOf(member).LocationName ?? member.Name;

    /// <summary>What stands between a list's name and the number of an element; null where there is nothing.</summary>
    public string? ListInfix(Shape list) =>
        model.Protocol == Protocol.Query && !list.Flattened ? list.Element!.LocationName ?? "member" : null;

    public TextEncoding EncodingOf(Shape structure, Member member)
    {
        if (model.Protocol == Protocol.Ec2 && s_base64Text.Contains($"{structure.Name}.{member.Name}"))
        {
            return TextEncoding.Base64;
        }

        // IAM takes policy documents as they are and gives them back percent-encoded.
        return model.Key == "iam" && member.ShapeName == "policyDocumentType" ? TextEncoding.Percent : TextEncoding.None;
    }

    /// <summary>Whether a repetition after a lost answer could do the work twice.</summary>
    public bool MustBeSentOnce(Operation operation) =>
        Array.Exists(s_onceVerbs, verb => operation.Name.StartsWith(verb, StringComparison.Ordinal))
        && !s_repeatable.Contains(operation.Name)
        && !(operation.Input is { } input
            && model.Shapes[input].Members.Any(m => m.IsIdempotencyToken || s_tokenMembers.Contains(m.Name)));

    private static string Capitalize(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
