using Xunit;

namespace SsmTools.Tests.Sandbox.Clients;

/// <summary>A test with botocore, skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BotocoreFactAttribute : FactAttribute
{
    public BotocoreFactAttribute()
    {
        if (AwsClients.Python is null)
        {
            Skip = "There is no python3 with botocore on the search path.";
        }
    }
}
