using System.Text.RegularExpressions;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The machine's clock is right, or its signatures are refused.</summary>
internal sealed partial class ClockCheck() : ConsoleCheck(CheckId.Clock)
{
    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, string console) => LastLine(console, Skewed()) is { } line
        ? Fail(
            new FindingCause.ClockOff(scene.NodeId),
            "the machine's clock is more than five minutes off, so AWS refuses its signatures",
            $"console: {line}") with
        {
            Fix = "Set the clock (chrony or w32time against 169.254.169.123); a reboot often does",
            Command = $"Repair-SsmRegistration {scene.NodeId} -Reboot",
        }
        : Pass("the console tells of no refused signature");

    [GeneratedRegex(
        @"signature (has )?expired|signature not yet current|RequestTimeTooSkewed|RequestExpired|request has expired|x509: certificate .*(has expired or is not yet valid)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Skewed();
}
