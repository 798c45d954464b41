using SsmTools.Engine.Aws;
using SsmTools.Sandbox;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;

namespace SsmTools.Tests.Support;

/// <summary>Callers of a sandbox who have it harder than its owner.</summary>
internal static class LimitedCaller
{
    /// <summary>One who may do everything but one action.</summary>
    public static AwsContext Without(SandboxHost host, string action)
    {
        RoleRecord role = new()
        {
            Name = "caller",
            Path = "/",
            Id = host.World.Ids.Iam("AROA"),
            Arn = $"arn:aws:iam::{host.World.AccountId}:role/caller",
            Created = host.World.Now,
            TrustPolicy = "{}",
        };
        role.Inline["most"] =
            $$$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"{{{action}}}","Resource":"*"}]}""";
        host.World.Roles.Add(role.Name, role);
        return Connect(host, host.Credentials.IssueRole(role, "me", TimeSpan.FromHours(1)));
    }

    /// <summary>One whose every fifth call, about, is refused because there were too many: the SDK tries three times in all.</summary>
    public static AwsContext Throttled(SandboxHost host)
    {
        host.Faults.Set(["throttle=20%"], 7);
        return Connect(host, host.Credentials.Find(host.Facts.AccessKeyId)!);
    }

    private static AwsContext Connect(SandboxHost host, Credential key) => AwsContext.Create(new AwsOptions
    {
        EndpointUrl = host.Facts.Endpoint,
        Region = host.Facts.Region,
        AccessKey = key.AccessKeyId,
        SecretKey = key.SecretAccessKey,
        SessionToken = key.SessionToken,
        MaxBackoff = TimeSpan.FromMilliseconds(1),
    });
}
