using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Alerts;

/// <summary>What can be wrong with an alert that is wanted, and with one that is there.</summary>
internal static class AlertErrors
{
    /// <summary>No node has the tags.</summary>
    public static EngineException NoNodes(SessionAlertRequest request) => new(
        "AlertMatchesNoNode",
        ErrorKind.ObjectNotFound,
        $"{(request.InstanceIds.Count > 0 ? "None of the nodes that are named" : "No node")} has the tags {string.Join(", ", request.NodeTags.Select(tag => $"{tag.Key}={string.Join('|', tag.Value)}"))} now.",
        "An alert holds the ids that the nodes have now: make it when they are there, or use -AllNodes.",
        request.Name);

    /// <summary>Somebody else's rule has the name, or another alert's.</summary>
    /// <param name="name">The alert.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="owner">The alert that the rule is of; null where it is no alert's.</param>
    public static EngineException RuleExists(string name, string rule, string? owner) => new(
        "AlertNameTaken",
        ErrorKind.ResourceExists,
        owner is null
            ? $"EventBridge has a rule {rule} that was not made by SsmTools for this alert; it is left as it is."
            : $"The rule {rule} is of the alert {owner}, which has more nodes than one rule holds; it is left as it is.",
        "Choose another name.",
        name);

    /// <summary>A rule of that name is a part of another alert.</summary>
    public static EngineException PartOf(string name, string owner) => new(
        "AlertNotManaged",
        ErrorKind.InvalidOperation,
        $"The rule {name} is of the alert {owner}, which has more nodes than one rule holds.",
        $"To take that alert away: Unregister-SsmSessionAlert {owner}",
        name);

    /// <summary>There is no such alert.</summary>
    public static EngineException NotFound(string name, string region) => new(
        "AlertNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no session alert {name} in {region}.",
        "Get-SsmSessionAlert lists what there is; check the region (-Region).",
        name);

    /// <summary>EventBridge tells topics of its own region only.</summary>
    public static EngineException TopicElsewhere(string name, string topicArn, string topicRegion, string region) => new(
        "TopicElsewhere",
        ErrorKind.InvalidArgument,
        $"The topic {topicArn} is in {topicRegion}, the alert in {region}: EventBridge tells topics of its own region only.",
        $"Name a topic in {region}, or leave it out to have one made.",
        name);

    /// <summary>Somebody else's topic has the name that ours would get.</summary>
    public static EngineException TopicExists(string name, string topicArn) => new(
        "AlertTopicTaken",
        ErrorKind.ResourceExists,
        $"There is a topic {topicArn} that was not made by SsmTools for this alert.",
        $"Choose another name; or use that topic: -TopicArn {topicArn}",
        name);

    /// <summary>There is no such topic.</summary>
    public static EngineException TopicNotFound(string name, string topicArn) => new(
        "AlertTopicNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no topic {topicArn}.",
        "Check region, account and name in the ARN, or leave it out to have a topic made.",
        name);

    /// <summary>A rule of that name is somebody else's.</summary>
    public static EngineException NotManaged(string name) => new(
        "AlertNotManaged",
        ErrorKind.InvalidOperation,
        $"The rule {name} was not made by SsmTools: it carries no tag {SsmToolsTag.Key}.",
        "Use -Force to delete it all the same; its topic is kept.",
        name);
}
