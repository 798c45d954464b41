using System.Text.RegularExpressions;

namespace SsmTools.Sandbox.Agents;

/// <summary>How a command without a terminal gives its output (amazon-ssm-agent, session/shell/shell.go).</summary>
/// <param name="IsSeparate">
/// Output and errors apart and at once, and the exit code behind them; else both in one, after the command has ended.
/// </param>
/// <param name="OutputPrefix">Goes before the first piece of output, and before each behind a line's end.</param>
/// <param name="ErrorPrefix">The same for errors.</param>
internal sealed partial record CommandOutput(bool IsSeparate, string OutputPrefix, string ErrorPrefix)
{
    /// <summary>The words of the real agent for a prefix that it does not take; null where both are good.</summary>
    public string? FindFault() => !IsSeparate ? null
        : !Prefix().IsMatch(OutputPrefix) ? $"invalid stdoutSeparatorPrefix {OutputPrefix}"
        : !Prefix().IsMatch(ErrorPrefix) ? $"invalid stderrSeparatorPrefix {ErrorPrefix}"
        : null;

    [GeneratedRegex(@"^[0-9a-zA-Z\r\n_:-]{0,30}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
