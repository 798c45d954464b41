using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>Tests of what only Linux and macOS have.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "This is about Unix.";
        }
    }
}
