using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Client tokens: the same request under the same token makes one thing, whatever became of it since.</summary>
internal static class ClientTokens
{
    private const int Longest = 64;

    public static T Once<T>(ApiCall call, string operation, Func<T> make)
        where T : Resource
    {
        string? token = call.Text("ClientToken");
        if (token?.Length > Longest)
        {
            throw Ec2Errors.InvalidValue("The client token is limited to 64 characters.");
        }

        JsonObject copy = call.Input.DeepClone().AsObject();
        copy.Remove("DryRun");
        string request = copy.ToJsonString();
        if (string.IsNullOrEmpty(token))
        {
            return make();
        }

        if (call.World.ClientTokens.TryGetValue((operation, token), out (string Request, Resource Made) earlier))
        {
            return earlier.Request == request
                ? (T)earlier.Made
                : throw new ServiceError(
                    "IdempotentParameterMismatch",
                    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");
        }

        T made = make();
        call.World.ClientTokens.Add((operation, token), (request, made));
        return made;
    }
}
