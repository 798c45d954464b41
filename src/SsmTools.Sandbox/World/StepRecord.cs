namespace SsmTools.Sandbox.World;

/// <summary>What an agent told of one step of a command.</summary>
/// <param name="Name">The step's name: its plugin's in the old schema.</param>
/// <param name="Status">NotStarted, InProgress, Success, Failed, TimedOut, Cancelled or Skipped.</param>
/// <param name="Code">The exit code; -1 before the end.</param>
/// <param name="Started">When it began, or null.</param>
/// <param name="Ended">When it ended, or null.</param>
/// <param name="Output">Both outputs, shortened by the agent.</param>
/// <param name="StandardOutput">What it wrote, at most 24,000 characters.</param>
/// <param name="StandardError">What it wrote to standard error, at most 8,000 characters.</param>
internal sealed record StepRecord(
    string Name,
    string Status,
    int Code,
    DateTimeOffset? Started,
    DateTimeOffset? Ended,
    string Output,
    string StandardOutput,
    string StandardError);
