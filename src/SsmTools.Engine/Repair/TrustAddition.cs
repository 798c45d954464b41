using System.Text.Json.Nodes;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>A trust policy that a service is added to.</summary>
internal static class TrustAddition
{
    /// <summary>The policy with a service beside those whom it trusts; null where a denial keeps the service out all the same.</summary>
    /// <param name="document">The policy, percent-encoded as IAM hands it out, or plain.</param>
    /// <param name="service">The service principal, for example <c>ec2.amazonaws.com</c>.</param>
    public static string? Add(string? document, string service)
    {
        JsonObject statement = new()
        {
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["Service"] = service },
            ["Action"] = "sts:AssumeRole",
        };
        string? added = PolicyEdit.Add(document, statement);
        return TrustPolicy.Trusts(added, service) ? added : null;
    }
}
