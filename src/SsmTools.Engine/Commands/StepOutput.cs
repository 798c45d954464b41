namespace SsmTools.Engine.Commands;

/// <summary>What a step of a command wrote.</summary>
/// <param name="Name">The step's name: its plugin's in documents of the old schema.</param>
/// <param name="Output">Its standard output, as far as the service keeps it.</param>
/// <param name="Error">Its standard error, likewise.</param>
/// <param name="OutputUrl">Where the service says all of its standard output is; empty where it was put nowhere.</param>
/// <param name="ErrorUrl">The same of its standard error.</param>
/// <param name="Problem">Why there is no more of it here than a listing has; null where there is.</param>
internal sealed record StepOutput(
    string Name, string Output, string Error, string? OutputUrl, string? ErrorUrl, EngineException? Problem = null)
{
    /// <summary>The most that the service keeps of standard output, and of standard error.</summary>
    private const int KeptOutput = 24_000;

    private const int KeptError = 8_000;

    public bool IsOutputCut => Output.Length >= KeptOutput || Problem is not null;

    public bool IsErrorCut => Error.Length >= KeptError || (Problem is not null && Error.Length > 0);
}
