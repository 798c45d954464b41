using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Sns;

/// <summary>Publishes: messages are kept with the topic, and go by HTTP to subscribers on this machine, and to no others.</summary>
internal sealed class TopicDelivery(SandboxWorld world)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether an address may be subscribed: none but this machine's own.</summary>
    public static bool IsLocal(string endpoint) => Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) && uri.Scheme == "http"
        && IPAddress.TryParse(uri.Host, out IPAddress? address) && IPAddress.IsLoopback(address);

    /// <summary>Publishes.</summary>
    /// <returns>The message's id.</returns>
    public string Publish(TopicRecord topic, string text, string? subject)
    {
        TopicMessage message = new(world.Ids.Uuid(), subject, text, world.Now);
        SubscriptionRecord[] local;
        lock (world.Gate)
        {
            topic.Messages.Add(message);
            if (topic.Messages.Count > TopicRecord.MostMessages)
            {
                topic.Messages.RemoveAt(0);
            }

            local = [.. topic.Subscriptions.Where(one => one is { Confirmed: true, Protocol: "http" } && IsLocal(one.Endpoint))];
        }

        foreach (SubscriptionRecord subscription in local)
        {
            _ = SendAsync(topic, subscription, message);
        }

        return message.Id;
    }

    private static async Task SendAsync(TopicRecord topic, SubscriptionRecord subscription, TopicMessage message)
    {
        JsonObject body = new()
        {
            ["Type"] = "Notification",
            ["MessageId"] = message.Id,
            ["TopicArn"] = topic.Arn,
            ["Subject"] = message.Subject,
            ["Message"] = message.Text,
            ["Timestamp"] = Timestamps.ToIso(message.Time, true),
        };
        try
        {
            using HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = s_patience };
            using HttpRequestMessage request = new(HttpMethod.Post, subscription.Endpoint)
            {
                Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("text/plain", "utf-8")),
            };
            request.Headers.Add("x-amz-sns-message-type", "Notification");
            request.Headers.Add("x-amz-sns-topic-arn", topic.Arn);
            using HttpResponseMessage answer = await client.SendAsync(request).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            // Whoever subscribed is gone: AWS would try again for hours, nobody waits for that here.
            Trace.TraceInformation($"sns: {subscription.Endpoint}: {e.Message}");
        }
    }
}
