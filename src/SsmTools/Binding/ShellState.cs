using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using SsmTools.Engine.Aws;

namespace SsmTools.Binding;

/// <summary>
/// What Set-AWSCredential and Set-DefaultAWSRegion of AWS Tools for PowerShell left in the shell. Known by the names of
/// its variables and by properties only: the types are those of another module.
/// </summary>
internal static class ShellState
{
    private const string CredentialCommand = "Get-AWSCredential";

    /// <summary>Reads the defaults; null where there are none.</summary>
    internal static ShellDefaults? Read(SessionState state)
    {
        string? region = RegionName.From(state.PSVariable.GetValue("StoredAWSRegion"));
        object? stored = state.PSVariable.GetValue("StoredAWSCredentials");
        if (stored is null)
        {
            return region is null ? null : new ShellDefaults { Region = region };
        }

        AwsKeys? keys = Ask(state);
        return keys is null
            ? new ShellDefaults { Region = region, ProfileName = ProfileOf(stored) }
            : new ShellDefaults
            {
                Region = region,
                AccessKey = keys.AccessKey,
                SecretKey = keys.SecretKey,
                SessionToken = keys.SessionToken,
            };
    }

    /// <summary>The variable's own members are internal; the module's public cmdlet hands the credentials out.</summary>
    private static AwsKeys? Ask(SessionState state)
    {
        if (state.InvokeCommand.GetCommand(CredentialCommand, CommandTypes.Cmdlet | CommandTypes.Function) is null)
        {
            return null;
        }

        try
        {
            Collection<PSObject> answer = state.InvokeCommand.InvokeScript(CredentialCommand);
            return answer.FirstOrDefault(one => one is not null) is { } credential ? AwsKeys.From(credential) : null;
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            // It cannot, for example because a login has expired. The profile's name is left to try, and its failure
            // says more than this one.
            return null;
        }
    }

    private static string? ProfileOf(object stored) =>
        PSObject.AsPSObject(stored).BaseObject.ToString() is { Length: > 0 } name ? name : null;
}
