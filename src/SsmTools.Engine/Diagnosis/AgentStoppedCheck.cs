using System.Text.RegularExpressions;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The agent runs, as far as the console or its silence shows.</summary>
internal sealed partial class AgentStoppedCheck() : ConsoleCheck(CheckId.AgentStopped)
{
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, string console)
    {
        FindingCause cause = new FindingCause.AgentNotRunning(scene.NodeId);
        if (LastLine(console, StartedOrStopped()) is { } line && Stopped().IsMatch(line))
        {
            return Fail(cause, "the agent was stopped, or does not start", $"console: {line}") with
            {
                Fix = "Start the agent; where nobody can log in, a reboot does if it is enabled",
                Command = $"Repair-SsmRegistration {scene.NodeId} -Reboot",
            };
        }

        return scene.Information.Value?.LastPingDateTime is { } ping && scene.Now - ping > s_silence
            ? Fail(
                cause,
                $"the agent was last heard of {RegistrationReason.Span(scene.Now - ping)} ago, and nothing on its way explains that: it was stopped, or the machine hangs",
                $"LastPingDateTime={ping:u}",
                $"PingStatus={scene.Information.Value.PingStatus}") with
            {
                Fix = "Start the agent; where nobody can log in, a reboot does if it is enabled",
                Command = $"Repair-SsmRegistration {scene.NodeId} -Reboot",
            }
            : Pass("the console tells of no stopped agent");
    }

    [GeneratedRegex(
        @"(Started|Starting|Stopped|Stopping|Failed to start).*(amazon-ssm-agent|AmazonSSMAgent)|amazon-ssm-agent\.service: (Failed|Main process exited|Deactivated|Start request repeated)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StartedOrStopped();

    [GeneratedRegex(
        @"(Stopped|Stopping|Failed to start).*(amazon-ssm-agent|AmazonSSMAgent)|amazon-ssm-agent\.service: (Failed|Main process exited|Deactivated|Start request repeated)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Stopped();
}
