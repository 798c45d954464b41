using Xunit;

namespace SsmTools.Tests.Aws.Differential;

/// <summary>A theory that is skipped where no Python with botocore is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BotocoreTheoryAttribute : TheoryAttribute
{
    public BotocoreTheoryAttribute()
    {
        if (Botocore.Python is null)
        {
            Skip = "No python3 with botocore was found (Debian packages it as python3-botocore).";
        }
    }
}
