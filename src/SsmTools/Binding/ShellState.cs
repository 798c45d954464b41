using System;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using SsmTools.Engine.Aws;

namespace SsmTools.Binding;

/// <summary>
/// What Set-AWSCredential and Set-DefaultAWSRegion of AWS Tools for PowerShell left in the shell. Known by the names of
/// its variables and by properties only: the types are those of another module.
/// </summary>
internal sealed class ShellState
{
    private const string CredentialCommand = "Get-AWSCredential";

    private readonly string? _region;
    private readonly object? _stored;
    private readonly Func<AwsKeys?> _keys;

    private ShellState(string? region, object? stored, Func<AwsKeys?> keys)
    {
        _region = region;
        _stored = stored;
        _keys = keys;
    }

    /// <summary>Tells one choice of credentials from another without reading them; null where none was made.</summary>
    internal string? Identity =>
        _stored is null ? null : RuntimeHelpers.GetHashCode(_stored).ToString(CultureInfo.InvariantCulture);

    /// <summary>The region that was chosen; null where none was.</summary>
    internal string? Region => _region;

    /// <summary>Reads the defaults; null where there are none.</summary>
    internal static ShellDefaults? Read(SessionState state) => Find(state)?.ToDefaults();

    /// <summary>Finds the defaults on the pipeline thread and reads no keys that may have to be fetched; null for none.</summary>
    internal static ShellState? Find(SessionState state)
    {
        string? region = RegionName.From(state.PSVariable.GetValue("StoredAWSRegion"));
        object? stored = state.PSVariable.GetValue("StoredAWSCredentials");
        stored = stored is null ? null : PSObject.AsPSObject(stored).BaseObject;
        return region is null && stored is null
            ? null
            : new ShellState(region, stored, stored is null ? () => null : Ask(state));
    }

    /// <summary>Reads the keys, on any thread; that may take as long as a service takes to answer.</summary>
    internal ShellDefaults ToDefaults()
    {
        AwsKeys? keys = ReadKeys();
        return keys is null
            ? new ShellDefaults { Region = _region, ProfileName = ProfileName }
            : new ShellDefaults
            {
                Region = _region,
                AccessKey = keys.AccessKey,
                SecretKey = keys.SecretKey,
                SessionToken = keys.SessionToken,
            };
    }

    private string? ProfileName => _stored?.ToString() is { Length: > 0 } name ? name : null;

    /// <summary>The variable's own members are internal; the module's public cmdlet hands the credentials out.</summary>
    private static Func<AwsKeys?> Ask(SessionState state)
    {
        if (state.InvokeCommand.GetCommand(CredentialCommand, CommandTypes.Cmdlet | CommandTypes.Function) is null)
        {
            return () => null;
        }

        try
        {
            Collection<PSObject> answer = state.InvokeCommand.InvokeScript(CredentialCommand);
            return answer.FirstOrDefault(one => one is not null) is { } credential ? AwsKeys.Defer(credential) : () => null;
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            return () => null;
        }
    }

    private AwsKeys? ReadKeys()
    {
        try
        {
            return _keys();
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            // It cannot, for example because a login has expired. The profile's name is left to try, and its failure
            // says more than this one.
            return null;
        }
    }
}
