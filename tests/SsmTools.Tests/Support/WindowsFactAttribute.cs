using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>A test of what only Windows has. Its class is of category Windows, which a build for Windows runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WindowsFactAttribute : FactAttribute
{
    public WindowsFactAttribute()
    {
        if (!OperatingSystem.IsWindows())
        {
            Skip = "This is about Windows.";
        }
    }
}
