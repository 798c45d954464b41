using System.Text.RegularExpressions;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Diagnosis;

/// <summary>
/// The agent does not sleep: one that starts without rights or without a way out tries again after 25 to 30 minutes, and
/// nothing but a restart wakes it before.
/// </summary>
internal sealed partial class BackOffCheck() : Check(CheckId.BackOff)
{
    /// <summary>The longest that an agent sleeps between tries.</summary>
    public static readonly TimeSpan Sleep = TimeSpan.FromMinutes(30);

    /// <summary>A profile that came this long after the start came too late for the agent's first try.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        // What once registered knows how to come back.
        if (scene.Information.Value is not null || !scene.Information.IsKnown
            || scene.Instance.Value is not { LaunchTime: { } launched, State.Name: InstanceStateName.Running })
        {
            return null;
        }

        DateTimeOffset start = new(launched, TimeSpan.Zero);
        DateTimeOffset? attached = scene.Association.Value?.Timestamp is { } time ? new DateTimeOffset(time, TimeSpan.Zero) : null;
        bool cameLate = attached - start > s_late;
        TimeSpan age = scene.Now - start;
        List<string> evidence = [$"launched {start:u}"];
        if (attached is not null)
        {
            evidence.Add($"profile attached {attached:u}");
        }

        bool saysSo = scene.Console.Value is { } console && Sleeping().IsMatch(console);
        if (saysSo)
        {
            evidence.Add("console: the agent says that it sleeps");
        }

        if (age < PatienceCheck.Patience && !cameLate && !saysSo)
        {
            return scene.IsExplained ? null : Pass("nothing says that the agent sleeps", [.. evidence]);
        }

        // Each try that fails begins another sleep, so the end of the present one is found from the start.
        DateTimeOffset until = start + (Sleep * Math.Ceiling(Math.Max(age / Sleep, double.Epsilon)));
        string when = $"{until.ToLocalTime():HH:mm}";
        return scene.IsExplained
            ? Warn(
                new FindingCause.AgentSleeps(scene.NodeId, until),
                $"an agent that fails sleeps for half an hour: once all is mended it tries again by {when} at the latest",
                [.. evidence, $"next try {until:u} at the latest"]) with
            {
                Fix = "Reboot the instance after mending what is wrong: that ends the wait",
                Command = $"Repair-SsmRegistration {scene.NodeId} -Reboot",
            }
            : Fail(
                new FindingCause.AgentSleeps(scene.NodeId, until),
                cameLate && attached is { } late && scene.Now - late < Sleep
                    ? $"the profile was attached {RegistrationReason.Span(scene.Now - late)} ago, when the agent had begun to sleep: it tries again by {when} at the latest"
                    : $"all that can be seen is right now, but the agent began to sleep when it was not: it tries again by {when} at the latest",
                [.. evidence, $"next try {until:u} at the latest"]) with
            {
                Fix = $"Wait until {when}, or reboot the instance: that ends the wait",
                Command = $"Repair-SsmRegistration {scene.NodeId} -Reboot",
            };
    }

    // amazon-ssm-agent, common/identity/.../credentialrefresher.go; a later success would stand after it.
    [GeneratedRegex(
        @"Sleeping for [0-9hms.]+ before retrying(?!.*(registered|connected))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Sleeping();
}
