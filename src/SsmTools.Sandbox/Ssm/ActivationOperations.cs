using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Activations: the account's side of registering machines that are no instances.</summary>
internal static class ActivationOperations
{
    private const string CodeLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int CodeLength = 20;
    private const int DefaultPage = 50;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    public static JsonObject Create(ApiCall call)
    {
        SandboxWorld world = call.World;
        string given = call.Required("IamRole");
        string name = given.Split('/')[^1];
        if (!world.Roles.TryGetValue(name, out RoleRecord? role) || !PolicyDocument.Trusts(role.TrustPolicy, "ssm.amazonaws.com"))
        {
            throw new ServiceError(
                "ValidationException",
                $"Nonexistent role or missing ssm service principal in trust policy: arn:aws:iam::{world.AccountId}:role/{given}");
        }

        DateTimeOffset expires = call.Input["ExpirationDate"]?.GetValue<DateTimeOffset>() ?? world.Now + s_lifetime;
        if (expires <= world.Now || expires > world.Now + s_longest)
        {
            throw SsmErrors.InvalidParameters("ExpirationDate must be in the future and at most 30 days from now.");
        }

        ActivationRecord activation = new()
        {
            Id = world.Ids.Uuid(),
            Code = RandomNumberGenerator.GetString(CodeLetters, CodeLength),
            Sequence = world.NextSequence(),
            RoleName = role.Name,
            Created = world.Now,
            Expires = expires,
            Limit = call.Input.Int("RegistrationLimit") ?? 1,
            Description = call.Text("Description"),
            DefaultInstanceName = call.Text("DefaultInstanceName"),
            Tags = call.Input.Tags("Tags"),
        };
        world.Activations.Add(activation.Id, activation);
        return new JsonObject { ["ActivationId"] = activation.Id, ["ActivationCode"] = activation.Code };
    }

    public static JsonObject Delete(ApiCall call)
    {
        return call.World.Activations.Remove(call.Required("ActivationId")) ? [] : throw new ServiceError(
            "InvalidActivationId", "The activation ID isn't valid. Verify that you entered the correct ActivationId or ActivationCode and try again.");
    }

    public static JsonObject Describe(ApiCall call)
    {
        JsonObject[] filters = [.. call.Input.Parts("Filters")];
        IEnumerable<ActivationRecord> fitting = call.World.Activations.Values
            .Where(activation => Array.TrueForAll(filters, filter => Fits(activation, filter)));
        (IReadOnlyList<ActivationRecord> page, string? next) = Paging.Page(
            fitting, activation => Paging.Key(activation.Sequence),
            "DescribeActivations", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject
        {
            ["ActivationList"] = page.ToJson(activation => Shape(activation, call.World.Now)),
            ["NextToken"] = next,
        };
    }

    private static bool Fits(ActivationRecord activation, JsonObject filter)
    {
        string? value = filter.Text("FilterKey") switch
        {
            "ActivationIds" => activation.Id,
            "DefaultInstanceName" => activation.DefaultInstanceName,
            "IamRole" => activation.RoleName,
            _ => throw new ServiceError("InvalidFilter", "The filter name isn't valid."),
        };
        return value is not null && filter.Texts("FilterValues").Contains(value);
    }

    private static JsonObject Shape(ActivationRecord activation, DateTimeOffset now) => new()
    {
        ["ActivationId"] = activation.Id,
        ["Description"] = activation.Description,
        ["DefaultInstanceName"] = activation.DefaultInstanceName,
        ["IamRole"] = activation.RoleName,
        ["RegistrationLimit"] = activation.Limit,
        ["RegistrationsCount"] = activation.Registrations,
        ["ExpirationDate"] = activation.Expires,
        ["Expired"] = activation.Expires <= now,
        ["CreatedDate"] = activation.Created,
        ["Tags"] = activation.Tags.ToJson(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value }),
    };
}
