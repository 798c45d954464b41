using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Sts;

/// <summary>STS's operations.</summary>
internal static class StsApi
{
    public static OperationTable Create(CredentialStore credentials)
    {
        return new OperationTable()
            .Add("GetCallerIdentity", GetCallerIdentity)
            .Add("AssumeRole", call => AssumeRole(call, credentials));
    }

    private static JsonObject GetCallerIdentity(ApiCall call)
    {
        return new JsonObject { ["UserId"] = call.Caller.UserId, ["Account"] = call.World.AccountId, ["Arn"] = call.Caller.Arn };
    }

    private static JsonObject AssumeRole(ApiCall call, CredentialStore credentials)
    {
        string arn = call.Required("RoleArn");
        RoleRecord? role = call.World.Roles.Values.FirstOrDefault(one => one.Arn == arn);
        if (role is null || !PolicyDocument.TrustsAccount(role.TrustPolicy, call.World.AccountId, call.Caller.Arn))
        {
            throw new ServiceError(
                "AccessDenied", $"User: {call.Caller.Arn} is not authorized to perform: sts:AssumeRole on resource: {arn}", 403);
        }

        int seconds = call.Input.Int("DurationSeconds") ?? 3600;
        if (seconds > role.MaxSessionSeconds)
        {
            throw new ServiceError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }

        Credential credential = credentials.IssueRole(role, call.Required("RoleSessionName"), TimeSpan.FromSeconds(seconds));
        return new JsonObject
        {
            ["Credentials"] = new JsonObject
            {
                ["AccessKeyId"] = credential.AccessKeyId,
                ["SecretAccessKey"] = credential.SecretAccessKey,
                ["SessionToken"] = credential.SessionToken,
                ["Expiration"] = credential.Expires,
            },
            ["AssumedRoleUser"] = new JsonObject { ["AssumedRoleId"] = credential.Principal.UserId, ["Arn"] = credential.Principal.Arn },
        };
    }
}
