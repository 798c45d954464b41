using System.Text.Json.Nodes;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>A trust policy that EC2 is added to.</summary>
internal static class TrustAddition
{
    /// <summary>The policy with EC2 beside those whom it trusts; null where a denial keeps EC2 out all the same.</summary>
    /// <param name="document">The policy, percent-encoded as IAM hands it out, or plain.</param>
    /// <param name="partition">For example <c>aws</c>.</param>
    public static string? Add(string? document, string partition)
    {
        JsonObject statement = new()
        {
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["Service"] = TrustPolicy.Ec2(partition) },
            ["Action"] = "sts:AssumeRole",
        };
        string? added = PolicyEdit.Add(document, statement);
        return TrustPolicy.TrustsEc2(added) ? added : null;
    }
}
