using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Events;
using SsmTools.Engine.Aws.Sns;
using SsmTools.Engine.Provisioning;
using EventTag = SsmTools.Engine.Aws.Events.Tag;
using EventTags = SsmTools.Engine.Aws.Events.ListTagsForResourceRequest;
using TopicTag = SsmTools.Engine.Aws.Sns.Tag;
using TopicTags = SsmTools.Engine.Aws.Sns.ListTagsForResourceRequest;

namespace SsmTools.Engine.Alerts;

/// <summary>Rules and topics: what is read of them and what is changed. Every change may be made twice.</summary>
internal sealed class AlertStore(AwsContext context, TimeProvider timeProvider)
{
    private const string TargetId = "SsmTools";
    private static readonly string[] s_noRule = ["ResourceNotFoundException"];
    private static readonly string[] s_noTopic = ["NotFound", "NotFoundException"];
    private static readonly string[] s_busy = ["ConcurrentModificationException"];

    /// <summary>A rule with that name; null where there is none.</summary>
    public async Task<Rule?> FindRuleAsync(string name, CancellationToken cancellationToken)
    {
        DescribeRuleResponse? rule = await ServiceCall.TryAsync(
            token => context.Events.DescribeRuleAsync(new DescribeRuleRequest { Name = name }, token),
            name,
            s_noRule,
            cancellationToken).ConfigureAwait(false);
        return rule is null
            ? null
            : new Rule { Name = name, Arn = rule.Arn, EventPattern = rule.EventPattern, State = rule.State };
    }

    /// <summary>
    /// The rules whose names begin so; where all are asked for, those whose patterns are about sessions, since whose a rule
    /// is costs a call each.
    /// </summary>
    public async Task<List<Rule>> ListRulesAsync(string? prefix, CancellationToken cancellationToken)
    {
        List<Rule> rules = await ServiceCall.ListAsync(
            token => context.Events.ListRulesItemsAsync(new ListRulesRequest { NamePrefix = prefix }, token),
            prefix,
            cancellationToken).ConfigureAwait(false);
        return prefix is null ? rules.FindAll(rule => AlertPattern.IsOurs(rule.EventPattern)) : rules;
    }

    /// <summary>The alert that a rule was made for; null for somebody else's rule.</summary>
    public async Task<string?> AlertOfRuleAsync(string ruleArn, CancellationToken cancellationToken)
    {
        Aws.Events.ListTagsForResourceResponse? tags = await ServiceCall.TryAsync(
            token => context.Events.ListTagsForResourceAsync(new EventTags { ResourceARN = ruleArn }, token),
            ruleArn,
            s_noRule,
            cancellationToken).ConfigureAwait(false);
        return tags?.Tags.Find(tag => tag.Key == SsmToolsTag.Key)?.Value;
    }

    /// <summary>The alert that a topic was made for; null for somebody else's topic.</summary>
    public async Task<string?> AlertOfTopicAsync(string topicArn, CancellationToken cancellationToken)
    {
        Aws.Sns.ListTagsForResourceResponse? tags = await ServiceCall.TryAsync(
            token => context.Sns.ListTagsForResourceAsync(new TopicTags { ResourceArn = topicArn }, token),
            topicArn,
            [.. s_noTopic, "ResourceNotFoundException", "ResourceNotFound"],
            cancellationToken).ConfigureAwait(false);
        return tags?.Tags.Find(tag => tag.Key == SsmToolsTag.Key)?.Value;
    }

    /// <summary>The targets of a rule.</summary>
    public async Task<List<Target>> ListTargetsAsync(string rule, CancellationToken cancellationToken) => await ServiceCall.TryAsync(
        async token =>
        {
            List<Target> found = [];
            await foreach (Target target in
                context.Events.ListTargetsByRuleItemsAsync(new ListTargetsByRuleRequest { Rule = rule }, token).ConfigureAwait(false))
            {
                found.Add(target);
            }

            return found;
        },
        rule,
        s_noRule,
        cancellationToken).ConfigureAwait(false) ?? [];

    /// <summary>A topic's attributes; null where there is no such topic.</summary>
    public async Task<Dictionary<string, string>?> FindTopicAsync(string topicArn, CancellationToken cancellationToken) =>
        (await ServiceCall.TryAsync(
            token => context.Sns.GetTopicAttributesAsync(new GetTopicAttributesRequest { TopicArn = topicArn }, token),
            topicArn,
            s_noTopic,
            cancellationToken).ConfigureAwait(false))?.Attributes;

    /// <summary>Who is subscribed to a topic.</summary>
    public async Task<List<Subscription>> ListSubscriptionsAsync(string topicArn, CancellationToken cancellationToken) =>
        await ServiceCall.TryAsync(
            async token =>
            {
                List<Subscription> all = [];
                string? next = null;
                do
                {
                    ListSubscriptionsByTopicResponse page = await context.Sns.ListSubscriptionsByTopicAsync(
                        new ListSubscriptionsByTopicRequest { TopicArn = topicArn, NextToken = next }, token).ConfigureAwait(false);
                    all.AddRange(page.Subscriptions);
                    next = page.NextToken;
                }
                while (!string.IsNullOrEmpty(next));

                return all;
            },
            topicArn,
            s_noTopic,
            cancellationToken).ConfigureAwait(false) ?? [];

    /// <summary>Whether a trail logs in the region; null where that may not be asked.</summary>
    public async Task<bool?> HasTrailAsync(CancellationToken cancellationToken)
    {
        Aws.Cloudtrail.DescribeTrailsResponse? trails = await ServiceCall.TryAsync(
            token => context.Cloudtrail.DescribeTrailsAsync(new Aws.Cloudtrail.DescribeTrailsRequest(), token),
            null,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        return trails is null ? null : trails.TrailList.Count > 0;
    }

    /// <summary>Makes a topic.</summary>
    public Task CreateTopicAsync(string name, string alert, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        token => context.Sns.CreateTopicAsync(
            new CreateTopicRequest { Name = name, Tags = [new TopicTag { Key = SsmToolsTag.Key, Value = alert }] }, token),
        name,
        cancellationToken);

    /// <summary>Lets an alert's rules publish to a topic; who else may is read now, and kept.</summary>
    public async Task AdmitAsync(string topicArn, string alert, IReadOnlyList<string> ruleArns, CancellationToken cancellationToken)
    {
        Dictionary<string, string>? topic = await FindTopicAsync(topicArn, cancellationToken).ConfigureAwait(false);
        await SetPolicyAsync(
            topicArn, AlertTopicPolicy.With(topic?.GetValueOrDefault("Policy"), alert, topicArn, ruleArns), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes an alert's statement out of a topic's policy.</summary>
    public async Task DismissAsync(string topicArn, string alert, CancellationToken cancellationToken)
    {
        Dictionary<string, string>? topic = await FindTopicAsync(topicArn, cancellationToken).ConfigureAwait(false);
        if (AlertTopicPolicy.Without(topic?.GetValueOrDefault("Policy"), alert) is { } policy)
        {
            await SetPolicyAsync(topicArn, policy, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Subscribes an address; whoever has it must confirm that.</summary>
    public Task SubscribeAsync(string topicArn, string address, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        token => context.Sns.SubscribeAsync(
            new SubscribeRequest { TopicArn = topicArn, Protocol = Protocol(address), Endpoint = address }, token),
        AlertRules.Shown(address),
        cancellationToken);

    /// <summary>Makes a rule, or gives it another pattern; it is on afterwards.</summary>
    public Task PutRuleAsync(string name, string pattern, string alert, bool isNew, CancellationToken cancellationToken) => RunAsync(
        token => context.Events.PutRuleAsync(
            new PutRuleRequest
            {
                Name = name,
                EventPattern = pattern,
                State = RuleState.ENABLED,
                Description = $"Session alert {alert}: a session of AWS Systems Manager was started.",
                Tags = isNew ? [new EventTag { Key = SsmToolsTag.Key, Value = alert }] : [],
            },
            token),
        name,
        cancellationToken);

    /// <summary>Gives a rule its topic.</summary>
    /// <exception cref="EngineException">AlertTargetFailed, or what the service refused.</exception>
    public async Task PutTargetAsync(string rule, string topicArn, CancellationToken cancellationToken)
    {
        PutTargetsResponse answer = await RunAsync(
            token => context.Events.PutTargetsAsync(new PutTargetsRequest { Rule = rule, Targets = [Target(topicArn)] }, token),
            rule,
            cancellationToken).ConfigureAwait(false);
        if (answer.FailedEntries.Count > 0)
        {
            PutTargetsResultEntry failed = answer.FailedEntries[0];
            throw new EngineException(
                "AlertTargetFailed", ErrorKind.InvalidOperation,
                $"EventBridge did not take topic {topicArn} as target of rule {rule}: {failed.ErrorMessage} ({failed.ErrorCode}).",
                "Run the command again.", rule);
        }
    }

    /// <summary>What a rule tells at our behest: null where it tells nobody.</summary>
    public async Task<Target?> FindTargetAsync(string rule, CancellationToken cancellationToken) =>
        (await ListTargetsAsync(rule, cancellationToken).ConfigureAwait(false)).Find(target => target.Id == TargetId);

    /// <summary>Takes a rule's targets from it and deletes it.</summary>
    public async Task DeleteRuleAsync(string name, CancellationToken cancellationToken)
    {
        List<Target> targets = await ListTargetsAsync(name, cancellationToken).ConfigureAwait(false);
        if (targets.Count > 0)
        {
            RemoveTargetsRequest remove = new() { Rule = name, Ids = [.. targets.Select(target => target.Id!)] };
            await ServiceCall.TryAsync(
                token => Eventually.RunAsync(
                    inner => context.Events.RemoveTargetsAsync(remove, inner), s_busy, timeProvider, token),
                name,
                s_noRule,
                cancellationToken).ConfigureAwait(false);
        }

        await ServiceCall.TryAsync(
            token => Eventually.RunAsync(
                inner => context.Events.DeleteRuleAsync(new DeleteRuleRequest { Name = name }, inner),
                [.. s_busy, "ValidationException"],
                timeProvider,
                token),
            name,
            s_noRule,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a topic with its subscriptions.</summary>
    public Task DeleteTopicAsync(string topicArn, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => context.Sns.DeleteTopicAsync(new DeleteTopicRequest { TopicArn = topicArn }, token),
        topicArn,
        s_noTopic,
        cancellationToken);

    private static string Protocol(string address) =>
        address.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? "https"
        : address.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? "http"
        : "email";

    private static Target Target(string topicArn)
    {
        Target target = new()
        {
            Id = TargetId,
            Arn = topicArn,
            InputTransformer = new InputTransformer { InputTemplate = AlertPattern.Template },
        };
        foreach ((string name, string path) in AlertPattern.Paths)
        {
            target.InputTransformer.InputPathsMap[name] = path;
        }

        return target;
    }

    private Task<SetTopicAttributesResponse> SetPolicyAsync(string topicArn, string policy, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        token => context.Sns.SetTopicAttributesAsync(
            new SetTopicAttributesRequest { TopicArn = topicArn, AttributeName = "Policy", AttributeValue = policy }, token),
        topicArn,
        cancellationToken);

    private Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, string target, CancellationToken cancellationToken) =>
        ServiceCall.RunAsync(token => Eventually.RunAsync(call, s_busy, timeProvider, token), target, cancellationToken);
}
