using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Sns;

/// <summary>SNS's operations on topics.</summary>
internal sealed partial class SnsApi(TopicDelivery delivery)
{
    public const string Service = "sns";

    public static OperationTable Create(TopicDelivery delivery)
    {
        SnsApi api = new(delivery);
        return new OperationTable()
            .Add("CreateTopic", CreateTopic)
            .Add("DeleteTopic", DeleteTopic)
            .Add("GetTopicAttributes", GetAttributes)
            .Add("SetTopicAttributes", SetAttributes)
            .Add("Subscribe", Subscribe)
            .Add("Unsubscribe", Unsubscribe)
            .Add("ListSubscriptionsByTopic", ListSubscriptions)
            .Add("TagResource", Tag)
            .Add("ListTagsForResource", call => new JsonObject { ["Tags"] = Topic(call, "ResourceArn").Tags.ToJson() })
            .AddUnlocked("Publish", api.Publish);
    }

    private static JsonObject CreateTopic(ApiCall call)
    {
        string name = call.Required("Name");
        if (!Name().IsMatch(name))
        {
            throw Invalid("Topic Name");
        }

        string arn = $"arn:aws:sns:{call.World.Region}:{call.World.AccountId}:{name}";
        IReadOnlyList<KeyValuePair<string, string>> tags = call.Input.Tags("Tags");
        if (call.World.Topics.TryGetValue(arn, out TopicRecord? topic))
        {
            return tags.All(tag => topic.Tags.TryGetValue(tag.Key, out string? value) && value == tag.Value)
                ? new JsonObject { ["TopicArn"] = arn }
                : throw Invalid("Tags Reason: Topic already exists with different tags");
        }

        topic = new TopicRecord { Name = name, Arn = arn, Policy = TopicPolicy.Default(arn, call.World.AccountId) };
        foreach ((string key, string value) in tags)
        {
            topic.Tags[key] = value;
        }

        call.World.Topics.Add(arn, topic);
        return new JsonObject { ["TopicArn"] = arn };
    }

    private static JsonObject DeleteTopic(ApiCall call)
    {
        call.World.Topics.Remove(call.Required("TopicArn"));
        return [];
    }

    private static JsonObject GetAttributes(ApiCall call)
    {
        TopicRecord topic = Topic(call, "TopicArn");
        return new JsonObject
        {
            ["Attributes"] = new JsonObject
            {
                ["TopicArn"] = topic.Arn,
                ["Owner"] = call.World.AccountId,
                ["Policy"] = topic.Policy,
                ["DisplayName"] = topic.DisplayName,
                ["KmsMasterKeyId"] = topic.KmsKeyId,
                ["SubscriptionsConfirmed"] = $"{topic.Subscriptions.Count(one => one.Confirmed)}",
                ["SubscriptionsPending"] = $"{topic.Subscriptions.Count(one => !one.Confirmed)}",
            },
        };
    }

    private static JsonObject SetAttributes(ApiCall call)
    {
        TopicRecord topic = Topic(call, "TopicArn");
        string value = call.Text("AttributeValue") ?? "";
        switch (call.Required("AttributeName"))
        {
            case "Policy":
                topic.Policy = PolicyDocument.Parse(value) is null ? throw Invalid("Policy Error: not JSON") : value;
                break;
            case "DisplayName":
                topic.DisplayName = value;
                break;
            default:
                throw Invalid("AttributeName");
        }

        return [];
    }

    private static JsonObject Subscribe(ApiCall call)
    {
        TopicRecord topic = Topic(call, "TopicArn");
        string protocol = call.Required("Protocol");
        string endpoint = call.Text("Endpoint") ?? throw Invalid("Endpoint");
        if (protocol is not ("email" or "email-json" or "http" or "https" or "sqs" or "lambda" or "sms")
            || (protocol is "email" or "email-json" && !endpoint.Contains('@', StringComparison.Ordinal))
            || (protocol is "http" or "https" && !Uri.TryCreate(endpoint, UriKind.Absolute, out _)))
        {
            throw Invalid(protocol is "email" ? "Email address" : "Endpoint");
        }

        SubscriptionRecord? known = topic.Subscriptions.Find(one => one.Protocol == protocol && one.Endpoint == endpoint);
        if (known is null)
        {
            known = new SubscriptionRecord($"{topic.Arn}:{call.World.Ids.Uuid()}", protocol, endpoint, TopicDelivery.IsLocal(endpoint));
            topic.Subscriptions.Add(known);
        }

        bool tell = known.Confirmed || call.Input.Flag("ReturnSubscriptionArn") == true;
        return new JsonObject { ["SubscriptionArn"] = tell ? known.Arn : "pending confirmation" };
    }

    private static JsonObject Unsubscribe(ApiCall call)
    {
        string arn = call.Required("SubscriptionArn");
        foreach (TopicRecord topic in call.World.Topics.Values)
        {
            topic.Subscriptions.RemoveAll(one => one.Arn == arn);
        }

        return [];
    }

    private static JsonObject ListSubscriptions(ApiCall call)
    {
        TopicRecord topic = Topic(call, "TopicArn");
        (IReadOnlyList<SubscriptionRecord> page, string? next) = Paging.Page(
            topic.Subscriptions, one => one.Arn, "ListSubscriptionsByTopic", 100, call.Text("NextToken"), () => Invalid("NextToken"));
        return new JsonObject
        {
            ["Subscriptions"] = page.ToJson(one => new JsonObject
            {
                ["SubscriptionArn"] = one.Confirmed ? one.Arn : "PendingConfirmation",
                ["Owner"] = call.World.AccountId,
                ["Protocol"] = one.Protocol,
                ["Endpoint"] = one.Endpoint,
                ["TopicArn"] = topic.Arn,
            }),
            ["NextToken"] = next,
        };
    }

    private static JsonObject Tag(ApiCall call)
    {
        TopicRecord topic = Topic(call, "ResourceArn");
        foreach ((string key, string value) in call.Input.Tags("Tags"))
        {
            topic.Tags[key] = value;
        }

        return [];
    }

    private static TopicRecord Topic(ApiCall call, string member)
    {
        lock (call.World.Gate)
        {
            return call.World.Topics.GetValueOrDefault(call.Text(member) ?? "") ?? throw new ServiceError("NotFound", "Topic does not exist", 404);
        }
    }

    private static ServiceError Invalid(string what) => new("InvalidParameter", $"Invalid parameter: {what}");

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,256}\z")]
    private static partial Regex Name();

    private JsonObject Publish(ApiCall call) => new()
    {
        ["MessageId"] = delivery.Publish(Topic(call, call.Text("TopicArn") is null ? "TargetArn" : "TopicArn"), call.Required("Message"), call.Text("Subject")),
    };
}
