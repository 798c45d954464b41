using System.Globalization;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Registration;

/// <summary>Why a node is not there, in words for somebody who has just been woken.</summary>
internal static class RegistrationReason
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>For a node that Systems Manager does not list.</summary>
    /// <param name="id">The node.</param>
    /// <param name="instance">What EC2 knows; null for nothing.</param>
    /// <param name="ec2Denied">Whether EC2 could not be asked.</param>
    /// <param name="region">Where was looked.</param>
    /// <param name="now">The time.</param>
    public static string Missing(string id, Instance? instance, bool ec2Denied, string region, DateTimeOffset now)
    {
        if (!NodeIds.IsNode(id))
        {
            return $"'{id}' is not the id of a node (i-… or mi-…)";
        }

        if (NodeIds.IsHybrid(id))
        {
            return $"no such node in {region}";
        }

        if (instance is null)
        {
            return ec2Denied
                ? "not seen by Systems Manager; whether the instance exists is not known: ec2:DescribeInstances is denied"
                : $"no such instance in {region}";
        }

        return Unready(instance, now) ?? NotSeen(instance, now);
    }

    /// <summary>For a node that is registered, but whose agent is silent.</summary>
    public static string Silent(InstanceInformation information, Instance? instance, DateTimeOffset now)
    {
        string since = information.LastPingDateTime is { } ping
            ? $"the agent was last heard of {Span(now - ping)} ago"
            : "the agent is not heard of";
        return instance is not null && State(instance) is { } state ? $"{state}; {since}" : since;
    }

    /// <summary>A span of time as people say it: 20 s, 12 min, 3 h, 2 d.</summary>
    public static string Span(TimeSpan span) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(span < TimeSpan.Zero ? "0 s"
            : span < TimeSpan.FromMinutes(2) ? $"{(int)span.TotalSeconds} s"
            : span < TimeSpan.FromHours(2) ? $"{(int)span.TotalMinutes} min"
            : span < TimeSpan.FromDays(2) ? $"{(int)span.TotalHours} h"
            : $"{(int)span.TotalDays} d")}");

    private static string? Unready(Instance instance, DateTimeOffset now) =>
        State(instance)
        ?? (instance.State?.Name == InstanceStateName.Pending ? $"instance is starting; {Launched(instance, now)}"
            : instance.MetadataOptions?.HttpEndpoint == "disabled"
                ? $"instance metadata is switched off, so the agent gets no credentials; {Launched(instance, now)}"
            : instance.IamInstanceProfile is null ? $"no instance profile attached; {Launched(instance, now)}"
            : null);

    private static string NotSeen(Instance instance, DateTimeOffset now)
    {
        bool late = instance.LaunchTime is { } launched && now - launched > s_patience;
        return late
            ? $"not seen by Systems Manager though {Launched(instance, now)}: check the role's policy and the way out on"
                + " 443; an agent that started without rights tries again after 30 min or a reboot"
            : $"not seen by Systems Manager yet; {Launched(instance, now)}";
    }

    private static string? State(Instance instance) => instance.State?.Name switch
    {
        InstanceStateName.Terminated => "instance is terminated",
        InstanceStateName.ShuttingDown => "instance is being terminated",
        InstanceStateName.Stopped => "instance is stopped",
        InstanceStateName.Stopping => "instance is stopping",
        _ => null,
    };

    private static string Launched(Instance instance, DateTimeOffset now) =>
        instance.LaunchTime is { } launched ? $"launched {Span(now - launched)} ago" : "launched at an unknown time";
}
