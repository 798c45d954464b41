using Xunit;

namespace SsmTools.Tests.Sandbox.Clients;

/// <summary>A test with the AWS CLI, skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AwsCliTheoryAttribute : TheoryAttribute
{
    public AwsCliTheoryAttribute()
    {
        if (AwsClients.CommandLines.Count == 0)
        {
            Skip = "There is no AWS CLI (aws) on the search path.";
        }
    }
}
