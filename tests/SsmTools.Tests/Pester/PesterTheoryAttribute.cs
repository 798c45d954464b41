using Xunit;

namespace SsmTools.Tests.Pester;

/// <summary>A theory that needs PowerShell and Pester, and says so where they are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PesterTheoryAttribute : TheoryAttribute
{
    public PesterTheoryAttribute()
    {
        if (PesterHost.WhyNot is { } reason)
        {
            Skip = $"{PesterFiles.All.Count} Pester files were not run: {reason}";
        }
    }
}
