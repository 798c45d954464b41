namespace SsmTools;

/// <summary>The ids of the errors that the cmdlets find themselves; keys of Messages.resx.</summary>
internal static class ErrorIds
{
    internal const string CommandIncomplete = nameof(CommandIncomplete);
    internal const string CommandNotRun = nameof(CommandNotRun);
    internal const string CredentialNotUnderstood = nameof(CredentialNotUnderstood);
    internal const string KeysNotExported = nameof(KeysNotExported);
    internal const string NoInstanceNamed = nameof(NoInstanceNamed);
    internal const string NoNodeNamed = nameof(NoNodeNamed);
    internal const string NoPipe = nameof(NoPipe);
    internal const string NoTarget = nameof(NoTarget);
    internal const string NoTerminal = nameof(NoTerminal);
    internal const string NothingRegistered = nameof(NothingRegistered);
    internal const string NotRegistered = nameof(NotRegistered);
    internal const string PSSessionFailed = nameof(PSSessionFailed);
    internal const string RegistrationImpossible = nameof(RegistrationImpossible);
    internal const string RegistrationTimeout = nameof(RegistrationTimeout);
    internal const string SandboxNotRunning = nameof(SandboxNotRunning);
    internal const string SandboxRunning = nameof(SandboxRunning);
    internal const string SeveralTargets = nameof(SeveralTargets);
    internal const string TimedOut = nameof(TimedOut);
    internal const string TunnelNotFound = nameof(TunnelNotFound);
    internal const string UnexpectedError = nameof(UnexpectedError);
}
