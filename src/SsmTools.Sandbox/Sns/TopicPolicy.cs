using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Sns;

/// <summary>Who may publish to a topic.</summary>
internal static class TopicPolicy
{
    /// <summary>What a topic begins with: its owner may do everything.</summary>
    public static string Default(string arn, string account) =>
        """{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"{arn}","Condition":{"StringEquals":{"AWS:SourceOwner":"{account}"}}}]}"""
            .Replace("{arn}", arn, StringComparison.Ordinal).Replace("{account}", account, StringComparison.Ordinal);

    /// <summary>Whether the policy lets a service publish on behalf of a resource.</summary>
    public static bool Lets(TopicRecord topic, string service, string sourceArn)
    {
        PolicyQuestion question = new PolicyQuestion("sns:Publish", topic.Arn).With("aws:SourceArn", sourceArn);
        IEnumerable<JsonObject> statements = (PolicyDocument.Parse(topic.Policy)?.Statements ?? [])
            .Where(statement => statement["Principal"] is JsonObject principal
                ? PolicyDocument.Strings(principal["Service"]).Contains(service)
                : PolicyDocument.Strings(statement["Principal"]).Contains("*"));
        string[] documents =
        [
            .. statements.Select(statement => new JsonObject { ["Statement"] = new JsonArray(statement.DeepClone()) }.ToJsonString()),
        ];
        return PolicyDocument.Decide(documents, question) == PolicyVerdict.Allowed;
    }
}
