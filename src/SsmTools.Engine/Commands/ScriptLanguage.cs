namespace SsmTools.Engine.Commands;

/// <summary>What is to run a script.</summary>
public enum ScriptLanguage
{
    /// <summary>Each node's own: PowerShell on Windows, the shell elsewhere.</summary>
    Platform,

    /// <summary>The shell (AWS-RunShellScript): not on Windows.</summary>
    Shell,

    /// <summary>PowerShell (AWS-RunPowerShellScript); elsewhere than on Windows where it is installed.</summary>
    PowerShell,
}
