using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using SsmTools.Binding;
using SsmTools.Commands;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>
/// As whom, and where, the command on the line would call AWS: from what is typed already and the shell's defaults, as
/// <see cref="AwsCmdlet"/> has it. Read on the pipeline thread, which must not wait; what may take time is left to
/// <see cref="GetOptions"/>.
/// </summary>
internal sealed class CompletionCaller
{
    private readonly AwsOptions _options;
    private readonly ShellState? _shell;
    private readonly Func<AwsKeys?>? _credential;

    private CompletionCaller(AwsOptions options, ShellState? shell, object? credential)
    {
        _options = options;
        _shell = shell;
        _credential = credential is null ? null : AwsKeys.Defer(credential);
        string? identity = credential is null ? shell?.Identity : Identity(PSObject.AsPSObject(credential).BaseObject);
        Key = CallerKey.Of(options, $"{shell?.Region} {identity}");
    }

    /// <summary>Tells callers apart; holds no secret.</summary>
    internal string Key { get; }

    /// <summary>Reads the line and the shell.</summary>
    /// <param name="bound">The parameters that are typed already, by their names.</param>
    internal static CompletionCaller Read(IDictionary bound)
    {
        // Completion runs in the shell's own pipeline; a completer is handed no other way to its state.
        SessionState state = ((EngineIntrinsics)ScriptBlock.Create("$ExecutionContext").Invoke()
            .Single(one => one is not null).BaseObject).SessionState;
        string? location = Text(bound, "ProfileLocation");
        AwsOptions options = new()
        {
            Region = RegionName.From(bound["Region"]),
            ProfileName = Text(bound, "ProfileName"),
            ProfileLocation = location is null ? null : state.Path.GetUnresolvedProviderPathFromPSPath(location),
            AccessKey = Text(bound, "AccessKey"),
            SecretKey = Text(bound, "SecretKey"),
            SessionToken = Text(bound, "SessionToken"),
            EndpointUrl = Text(bound, "EndpointUrl"),
        };
        ShellState? shell = SandboxKeeper.Instance.HoldsEnvironment ? null : ShellState.Find(state);
        return new CompletionCaller(
            options, shell, options.AccessKey is null && options.SecretKey is null ? bound["Credential"] : null);
    }

    /// <summary>What a context is made of, keys included; on any thread.</summary>
    internal AwsOptions GetOptions()
    {
        AwsOptions options = _options with { Shell = _shell?.ToDefaults() };
        return _credential?.Invoke() is { } keys
            ? options with { AccessKey = keys.AccessKey, SecretKey = keys.SecretKey, SessionToken = keys.SessionToken }
            : options;
    }

    private static string Identity(object credential) =>
        RuntimeHelpers.GetHashCode(credential).ToString(CultureInfo.InvariantCulture);

    private static string? Text(IDictionary bound, string name) =>
        bound[name]?.ToString() is { Length: > 0 } text ? text : null;
}
