using System.Text.RegularExpressions;

namespace SsmTools.Engine.Alerts;

/// <summary>What can be asked for, checked before anything is called.</summary>
internal static partial class AlertRules
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="EngineException">
    /// AlertNameInvalid, NodesNotNamed, NodesContradict, NodeIdInvalid, TopicArnInvalid, TopicElsewhere, SubscriberInvalid.
    /// </exception>
    public static void Check(SessionAlertRequest request, string region)
    {
        CheckName(request.Name);
        if (request is { NodeTags.Count: 0, InstanceIds.Count: 0, AllNodes: false })
        {
            throw new EngineException(
                "NodesNotNamed",
                ErrorKind.InvalidArgument,
                "The alert would be for no node: neither tags nor ids are given.",
                "Say which: -NodeTag @{ Team = 'web' }, -InstanceId i-…, or -AllNodes.",
                request.Name);
        }

        if (request.AllNodes && (request.NodeTags.Count > 0 || request.InstanceIds.Count > 0))
        {
            throw new EngineException(
                "NodesContradict",
                ErrorKind.InvalidArgument,
                "The alert cannot be for all nodes and for some of them: tags or ids are given with -AllNodes.",
                "Leave out -AllNodes, or tags and ids.",
                request.Name);
        }

        Each(request.InstanceIds, NodeId(), "NodeIdInvalid", "is no id of a node", "Write it like i-0123456789abcdef0 or mi-0123456789abcdef0.");
        Each(
            request.TopicArn is { } topic ? [topic] : [], Topic(), "TopicArnInvalid", "is no ARN of a topic",
            "Write it like arn:aws:sns:eu-central-1:123456789012:alerts, or leave it out to have one made.");
        if (request.TopicArn?.Split(':')[3] is { } home && home != region)
        {
            throw AlertErrors.TopicElsewhere(request.Name, request.TopicArn, home, region);
        }

        Each(
            request.Subscribers, Subscriber(), "SubscriberInvalid", "cannot be subscribed",
            "Give an address of mail, or one that begins with https:// or http://.", Shown);
    }

    /// <summary>Checks an alert's name.</summary>
    /// <exception cref="EngineException">AlertNameInvalid.</exception>
    public static void CheckName(string name) => Each(
        [name], Name(), "AlertNameInvalid", "cannot be the name of an alert",
        "Use 1 to 55 of the letters A to Z and a to z, digits and the characters _ -");

    /// <summary>An address as it may be shown: an address of the web can have a password in it.</summary>
    public static string Shown(string address) => UserInfo().Replace(address, "$1");

    private static void Each(
        IEnumerable<string> values, Regex rule, string id, string what, string advice, Func<string, string>? show = null)
    {
        if (values.FirstOrDefault(value => !rule.IsMatch(value)) is { } wrong)
        {
            string bad = show?.Invoke(wrong) ?? wrong;
            throw new EngineException(id, ErrorKind.InvalidArgument, $"'{bad}' {what}.", advice, bad);
        }
    }

    // A rule's name has 64 characters, of which some may be a number; a topic's knows no dots.
    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,55}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(i-([0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})\z")]
    private static partial Regex NodeId();

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}\z")]
    private static partial Regex Topic();

    [GeneratedRegex(@"\A([^\s@/]+@[^\s@/]+|https?://\S+)\z")]
    private static partial Regex Subscriber();

    [GeneratedRegex(@"\A([a-zA-Z]+://)[^/?#]*@")]
    private static partial Regex UserInfo();
}
