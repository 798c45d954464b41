using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Events;
using SsmTools.Engine.Aws.Sns;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Alerts;

/// <summary>Makes, lists and takes away alerts: EventBridge rules that tell an SNS topic when a session starts.</summary>
public sealed class SessionAlertProvisioner
{
    private readonly AwsContext _context;
    private readonly AlertStore _store;

    /// <summary>Creates the provisioner.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public SessionAlertProvisioner(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _store = new AlertStore(context, timeProvider ?? TimeProvider.System);
    }

    /// <summary>Compares what is there with what is wanted.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// AlertNameInvalid, NodesNotNamed, NodesContradict, NodeIdInvalid, TopicArnInvalid, TopicElsewhere, SubscriberInvalid; AlertMatchesNoNode;
    /// AlertTopicNotFound; AlertNameTaken and AlertTopicTaken for what others made; or what the service refused.
    /// </exception>
    public async Task<Plan<SessionAlert>> PlanAsync(SessionAlertRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        AlertRules.Check(request, _context.Region);
        List<string> warnings = [];
        IReadOnlyList<string> ids = await FindNodesAsync(request, warnings, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<(string Name, string Pattern)> rules = AlertPattern.Rules(request.Name, ids);
        string account = await new SessionAccess(_context).AccountAsync(cancellationToken).ConfigureAwait(false);
        string topicArn = request.TopicArn ?? TopicArn(request.Name, account);

        // Rules last: one that fires has somebody to tell.
        List<PlannedChange> changes = [];
        await PlanTopicAsync(
            request, topicArn, [.. rules.Select(rule => RuleArn(rule.Name, account))], changes, warnings, cancellationToken)
            .ConfigureAwait(false);
        List<Rule> there = await ReadRulesAsync(request.Name, rules, cancellationToken).ConfigureAwait(false);
        HashSet<string> left = [];
        foreach ((string name, string pattern) in rules)
        {
            Rule? rule = there.Find(rule => rule.Name == name);
            Target? target = rule is null ? null : await _store.FindTargetAsync(name, cancellationToken).ConfigureAwait(false);
            PlanRule(request.Name, name, pattern, topicArn, rule, target, changes);
            if (target?.Arn is { } before && before != topicArn && before != TopicArn(request.Name, account))
            {
                left.Add(before);
            }
        }

        foreach (string before in left)
        {
            // A topic that was made for the alert stays for its subscribers' sake, until the alert goes.
            await PlanTopicRemovalAsync(request.Name, before, changes, warnings, cancellationToken).ConfigureAwait(false);
        }

        changes.AddRange(there.Where(rule => !rules.Any(wanted => wanted.Name == rule.Name)).Select(rule => new PlannedChange(
            $"rule {rule.Name}", "Delete the rule, for which there are too few nodes now", token => _store.DeleteRuleAsync(rule.Name!, token))));
        if (await _store.HasTrailAsync(cancellationToken).ConfigureAwait(false) != true)
        {
            warnings.Add("No trail of CloudTrail is seen here, and without one that logs management events in this region EventBridge hears of no session.");
        }

        return new Plan<SessionAlert>(changes, token => ReadAsync(request.Name, token)) { Warnings = warnings };
    }

    /// <summary>The alerts that were made here, by name.</summary>
    /// <param name="name">The name; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="EngineException">What the service refused.</exception>
    public async Task<IReadOnlyList<SessionAlert>> ListAsync(string? name, CancellationToken cancellationToken)
    {
        SortedDictionary<string, List<Rule>> alerts = new(StringComparer.Ordinal);
        foreach (Rule rule in await _store.ListRulesAsync(name, cancellationToken).ConfigureAwait(false))
        {
            if (await _store.AlertOfRuleAsync(rule.Arn!, cancellationToken).ConfigureAwait(false) is { } alert && (name is null || alert == name))
            {
                alerts.TryAdd(alert, []);
                alerts[alert].Add(rule);
            }
        }

        List<SessionAlert> result = [];
        foreach ((string alert, List<Rule> rules) in alerts)
        {
            result.Add(await DescribeAsync(alert, rules, cancellationToken).ConfigureAwait(false));
        }

        return result;
    }

    /// <summary>The error of a name that no alert has.</summary>
    public static EngineException NotFound(string name, string region) => AlertErrors.NotFound(name, region);

    /// <summary>Works out how to take an alert away: its rules, what lets them publish, and the topic if it was made for it.</summary>
    /// <param name="name">The alert's name.</param>
    /// <param name="force">Deletes a rule of that name that SsmTools did not make, too.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">AlertNameInvalid; AlertNotManaged for somebody else's rule; or what the service refused.</exception>
    public async Task<Plan<SessionAlert>> PlanRemovalAsync(string name, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        AlertRules.CheckName(name);
        List<string> warnings = [];
        List<PlannedChange> changes = [];
        SessionAlert? alert = (await ListAsync(name, cancellationToken).ConfigureAwait(false)) is [SessionAlert one] ? one : null;
        Rule? named = await _store.FindRuleAsync(name, cancellationToken).ConfigureAwait(false);
        if (named is not null && alert?.RuleNames.Contains(name) != true)
        {
            string? owner = await _store.AlertOfRuleAsync(named.Arn!, cancellationToken).ConfigureAwait(false);
            if (owner is not null && owner != name)
            {
                throw AlertErrors.PartOf(name, owner);
            }

            if (owner is null && !force)
            {
                throw AlertErrors.NotManaged(name);
            }

            changes.Add(Delete(name));
        }

        changes.AddRange((alert?.RuleNames ?? []).Select(Delete));
        string account = await new SessionAccess(_context).AccountAsync(cancellationToken).ConfigureAwait(false);
        string own = TopicArn(name, account);
        foreach (string topicArn in new[] { alert?.TopicArn, own }.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            await PlanTopicRemovalAsync(name, topicArn, changes, warnings, cancellationToken).ConfigureAwait(false);
        }

        if (changes.Count == 0)
        {
            warnings.Add($"There is no alert {name}: nothing to remove.");
        }

        SessionAlert removed = alert ?? new SessionAlert { Name = name };
        return new Plan<SessionAlert>(changes, _ => Task.FromResult(removed)) { Warnings = warnings };
    }

    private PlannedChange Delete(string rule) =>
        new($"rule {rule}", "Delete the rule", token => _store.DeleteRuleAsync(rule, token));

    private string TopicArn(string name, string account) => $"arn:{_context.Partition}:sns:{_context.Region}:{account}:SsmTools-{name}";

    private string RuleArn(string rule, string account) => $"arn:{_context.Partition}:events:{_context.Region}:{account}:rule/{rule}";

    private async Task<IReadOnlyList<string>> FindNodesAsync(
        SessionAlertRequest request, List<string> warnings, CancellationToken cancellationToken)
    {
        if (request.NodeTags.Count == 0)
        {
            return request.AllNodes ? [] : request.InstanceIds;
        }

        List<string> ids = await new TaggedNodes(_context).FindAsync(request.NodeTags, cancellationToken).ConfigureAwait(false);
        ids = request.InstanceIds.Count == 0 ? ids : ids.FindAll(request.InstanceIds.Contains);
        if (ids.Count == 0)
        {
            throw AlertErrors.NoNodes(request);
        }

        warnings.Add($"The record of a session has no tags, so the alert holds the ids that have them now ({ids.Count}). When nodes come, run the same command again.");
        return ids;
    }

    private async Task PlanTopicAsync(
        SessionAlertRequest request,
        string topicArn,
        IReadOnlyList<string> ruleArns,
        List<PlannedChange> changes,
        List<string> warnings,
        CancellationToken cancellationToken)
    {
        string target = $"topic {topicArn[(topicArn.LastIndexOf(':') + 1)..]}";
        Dictionary<string, string>? topic = await _store.FindTopicAsync(topicArn, cancellationToken).ConfigureAwait(false);
        if (topic is null && request.TopicArn is not null)
        {
            throw AlertErrors.TopicNotFound(request.Name, topicArn);
        }

        if (topic is null)
        {
            string name = topicArn[(topicArn.LastIndexOf(':') + 1)..];
            changes.Add(new PlannedChange(target, "Make the topic", token => _store.CreateTopicAsync(name, request.Name, token)));
        }
        else if (request.TopicArn is null
            && await _store.AlertOfTopicAsync(topicArn, cancellationToken).ConfigureAwait(false) != request.Name)
        {
            throw AlertErrors.TopicExists(request.Name, topicArn);
        }

        if (topic?.GetValueOrDefault("KmsMasterKeyId") is { Length: > 0 } key)
        {
            warnings.Add(key.EndsWith("alias/aws/sns", StringComparison.Ordinal)
                ? $"The topic {topicArn} is encrypted with {key}, which EventBridge may never use: nobody will be told. Encrypt it with a"
                    + " key of your own whose policy lets events.amazonaws.com use it, or not at all."
                : $"The topic {topicArn} is encrypted with key {key}: nobody is told unless the key's policy lets events.amazonaws.com"
                    + " use it (kms:Decrypt, kms:GenerateDataKey).");
        }

        string? policy = topic?.GetValueOrDefault("Policy");
        if (!PolicyJson.IsSame(policy, AlertTopicPolicy.With(policy, request.Name, topicArn, ruleArns)))
        {
            changes.Add(new PlannedChange(
                target, "Let the alert's rules publish", token => _store.AdmitAsync(topicArn, request.Name, ruleArns, token)));
        }

        List<Subscription> subscribed = topic is null || request.Subscribers.Count == 0
            ? []
            : await _store.ListSubscriptionsAsync(topicArn, cancellationToken).ConfigureAwait(false);
        changes.AddRange(request.Subscribers.Where(address => !subscribed.Exists(one => one.Endpoint == address)).Select(address =>
            new PlannedChange(target, $"Subscribe {AlertRules.Shown(address)}, who must confirm it", token => _store.SubscribeAsync(topicArn, address, token))));
    }

    private async Task<List<Rule>> ReadRulesAsync(
        string alert, IReadOnlyList<(string Name, string Pattern)> wanted, CancellationToken cancellationToken)
    {
        List<Rule> there = await _store.ListRulesAsync(alert, cancellationToken).ConfigureAwait(false);
        List<Rule> ours = [];
        foreach (Rule rule in there)
        {
            if (await _store.AlertOfRuleAsync(rule.Arn!, cancellationToken).ConfigureAwait(false) == alert)
            {
                ours.Add(rule);
            }
        }

        foreach (string name in wanted.Select(rule => rule.Name).Where(name => !ours.Exists(rule => rule.Name == name)))
        {
            if (await _store.FindRuleAsync(name, cancellationToken).ConfigureAwait(false) is { } taken)
            {
                string? owner = await _store.AlertOfRuleAsync(taken.Arn!, cancellationToken).ConfigureAwait(false);
                throw AlertErrors.RuleExists(alert, name, owner);
            }
        }

        return ours;
    }

    private void PlanRule(
        string alert, string name, string pattern, string topicArn, Rule? there, Target? told, List<PlannedChange> changes)
    {
        string target = $"rule {name}";
        if (there is null)
        {
            changes.Add(new PlannedChange(target, "Make the rule", token => _store.PutRuleAsync(name, pattern, alert, true, token)));
        }
        else if (!PolicyJson.IsSame(there.EventPattern, pattern) || there.State != RuleState.ENABLED)
        {
            string what = there.State == RuleState.ENABLED ? "Give the rule the nodes of now" : "Put the rule into force";
            changes.Add(new PlannedChange(target, what, token => _store.PutRuleAsync(name, pattern, alert, false, token)));
        }

        if (told?.Arn != topicArn || told.InputTransformer?.InputTemplate != AlertPattern.Template)
        {
            changes.Add(new PlannedChange(target, "Have it tell the topic", token => _store.PutTargetAsync(name, topicArn, token)));
        }
    }

    private async Task PlanTopicRemovalAsync(
        string name, string topicArn, List<PlannedChange> changes, List<string> warnings, CancellationToken cancellationToken)
    {
        Dictionary<string, string>? topic = await _store.FindTopicAsync(topicArn, cancellationToken).ConfigureAwait(false);
        string? policy = topic?.GetValueOrDefault("Policy");
        if (topic is null)
        {
            return;
        }

        string target = $"topic {topicArn[(topicArn.LastIndexOf(':') + 1)..]}";
        bool isOurs = await _store.AlertOfTopicAsync(topicArn, cancellationToken).ConfigureAwait(false) == name;
        if (isOurs && !AlertTopicPolicy.HasOthers(policy, name))
        {
            changes.Add(new PlannedChange(target, "Delete the topic with its subscriptions", token => _store.DeleteTopicAsync(topicArn, token)));
            return;
        }

        if (isOurs)
        {
            warnings.Add($"The topic {topicArn} was made for this alert, but others use it: it is kept.");
        }

        if (AlertTopicPolicy.Without(policy, name) is not null)
        {
            changes.Add(new PlannedChange(
                target, "Let the alert's rules publish no more", token => _store.DismissAsync(topicArn, name, token)));
        }
    }

    private async Task<SessionAlert> ReadAsync(string name, CancellationToken cancellationToken) =>
        await ListAsync(name, cancellationToken).ConfigureAwait(false) is [SessionAlert alert] ? alert : new SessionAlert { Name = name };

    private async Task<SessionAlert> DescribeAsync(string name, List<Rule> rules, CancellationToken cancellationToken)
    {
        string? topicArn = null;
        foreach (Rule rule in rules)
        {
            List<Target> targets = topicArn is null
                ? await _store.ListTargetsAsync(rule.Name!, cancellationToken).ConfigureAwait(false)
                : [];
            topicArn ??= targets.Count > 0 ? targets[0].Arn : null;
        }

        List<Subscription> subscriptions = [];
        if (topicArn is not null)
        {
            try
            {
                subscriptions = await _store.ListSubscriptionsAsync(topicArn, cancellationToken).ConfigureAwait(false);
            }
            catch (EngineException e) when (e.Kind == ErrorKind.PermissionDenied)
            {
                // Who may look at rules may not always look at topics.
            }
        }

        return new SessionAlert
        {
            Name = name,
            Enabled = rules.TrueForAll(rule => rule.State == RuleState.ENABLED),
            TopicArn = topicArn,
            RuleNames = [.. rules.Select(rule => rule.Name!)],
            InstanceIds = [.. rules.SelectMany(rule => AlertPattern.Nodes(rule.EventPattern)).Order(StringComparer.Ordinal)],
            Subscribers = [.. subscriptions.Select(one => one.Endpoint ?? string.Empty)],
            Pending =
            [
                .. subscriptions.Where(one => one.SubscriptionArn?.StartsWith("arn:", StringComparison.Ordinal) != true)
                    .Select(one => one.Endpoint ?? string.Empty),
            ],
        };
    }
}
