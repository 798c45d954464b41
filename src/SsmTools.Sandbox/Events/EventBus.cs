using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Sns;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Events;

/// <summary>The default bus: gives what a trail logs to the targets of the rules that fit.</summary>
internal sealed class EventBus(SandboxWorld world, TopicDelivery delivery)
{
    private const string Service = "events.amazonaws.com";

    /// <summary>Takes a call that a trail has logged.</summary>
    public void Take(TrailEvent logged)
    {
        JsonObject happened = new()
        {
            ["version"] = "0",
            ["id"] = world.Ids.Uuid(),
            ["detail-type"] = "AWS API Call via CloudTrail",
            ["source"] = $"aws.{logged.Source.Split('.')[0]}",
            ["account"] = world.AccountId,
            ["time"] = logged.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["region"] = world.Region,
            ["resources"] = new JsonArray(),
            ["detail"] = logged.Record.DeepClone(),
        };
        List<(TopicRecord Topic, string Text)> due = [];
        lock (world.Gate)
        {
            foreach (RuleRecord rule in world.Rules.Values)
            {
                if (rule is { Enabled: true, Pattern: string text } && EventPattern.Read(text) is { } pattern && EventPattern.Fits(pattern, happened))
                {
                    due.AddRange(
                        from target in rule.Targets.Values
                        let topic = world.Topics.GetValueOrDefault(target["Arn"]?.ToString() ?? "")
                        where topic is not null && TopicPolicy.Lets(topic, Service, rule.Arn)
                        select (topic, EventText.Of(target, happened)));
                }
            }
        }

        foreach ((TopicRecord topic, string text) in due)
        {
            delivery.Publish(topic, text, null);
        }
    }
}
