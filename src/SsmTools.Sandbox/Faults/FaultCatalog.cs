namespace SsmTools.Sandbox.Faults;

/// <summary>Every fault by its name.</summary>
internal static class FaultCatalog
{
    private const string Duration = "a time such as 200ms, 10s or 1m";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultSpec> All { get; } =
    [
        new("drop", FaultKind.Drop, FaultArea.Messages),
        new("duplicate", FaultKind.Duplicate, FaultArea.Messages),
        new("reorder", FaultKind.Reorder, FaultArea.Messages),
        new("delay", FaultKind.Delay, FaultArea.Messages, Duration),
        new("corrupt", FaultKind.Corrupt, FaultArea.Messages),
        new("slow-agent", FaultKind.SlowAgent, FaultArea.Messages, Duration),
        new("close", FaultKind.Close, FaultArea.Links, "a close code from 1000 to 4999"),
        new("half-open", FaultKind.HalfOpen, FaultArea.Links),
        new("refused-resume", FaultKind.RefusedResume, FaultArea.Resumes, "NoToken or DoesNotExist"),
        new("expired-token", FaultKind.ExpiredToken, FaultArea.Resumes),
        new("throttle", FaultKind.Throttle, FaultArea.Calls),
        new("5xx", FaultKind.ServerError, FaultArea.Calls, "a status from 500 to 599"),
        new("api-delay", FaultKind.ApiDelay, FaultArea.Calls, Duration),
        new("expired-credentials", FaultKind.ExpiredCredentials, FaultArea.Calls),
    ];

    /// <summary>The fault of that name, case ignored; null when there is none.</summary>
    public static FaultSpec? Find(string name) =>
        All.FirstOrDefault(spec => spec.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
