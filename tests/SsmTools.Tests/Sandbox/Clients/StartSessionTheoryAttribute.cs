using Xunit;

namespace SsmTools.Tests.Sandbox.Clients;

/// <summary>A test that runs where an AWS CLI and its session-manager-plugin are on the PATH.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StartSessionTheoryAttribute : TheoryAttribute
{
    public StartSessionTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "This drives the plugin through a Unix terminal.";
        }
        else if (AwsClients.CommandLines.Count == 0 || SessionManagerPluginFactAttribute.FindPlugin() is null)
        {
            Skip = "The AWS CLI or session-manager-plugin is not on the PATH.";
        }
    }
}
