namespace SsmTools.Sandbox.Agents;

/// <summary>How a script ended.</summary>
/// <param name="Status">Success, Failed, TimedOut, Cancelled or Skipped.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote, no longer than the service takes.</param>
/// <param name="Error">What it wrote to standard error, no longer than the service takes.</param>
internal sealed record ScriptResult(string Status, int ExitCode, string Output, string Error)
{
    /// <summary>As much of both as a listing shows (amazon-ssm-agent, agent/framework/processor/executer/iohandler).</summary>
    private const int Listed = 2500;

    private const string Title = "\n----------ERROR-------\n";

    /// <summary>All of its output, where that was asked for.</summary>
    public string? WholeOutput { get; init; }

    /// <summary>All of its standard error, where that was asked for.</summary>
    public string? WholeError { get; init; }

    /// <summary>Both, one behind the other, shortened at the front part's end.</summary>
    public string Both
    {
        get
        {
            string all = Error.Length == 0 ? Output : Output + Title + Error;
            return all.Length > Listed ? all[..Listed] : all;
        }
    }
}
