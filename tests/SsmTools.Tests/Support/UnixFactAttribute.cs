using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>A test of what only Linux and macOS have.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "This is about Unix.";
        }
    }
}
