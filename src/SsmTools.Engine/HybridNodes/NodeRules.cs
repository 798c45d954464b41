using System.Text.RegularExpressions;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.HybridNodes;

/// <summary>What Systems Manager takes for an activation, checked before anything is called.</summary>
internal static partial class NodeRules
{
    private const int LongestName = 256;
    private const int MostRegistrations = 1000;
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    /// <summary>Checks a request.</summary>
    /// <exception cref="EngineException">
    /// NodeNameInvalid, RegistrationLimitInvalid, ExpiryInvalid, RoleNameInvalid, TagInvalid, ScriptFileExists.
    /// </exception>
    public static void Check(NodeActivationRequest request)
    {
        if (request.Name.Length is 0 or > LongestName || !Name().IsMatch(request.Name))
        {
            throw HybridErrors.Invalid(
                "NodeNameInvalid",
                $"'{request.Name}' cannot be the name of a node: it has 1 to {LongestName} letters, digits, spaces and the characters _ . : / = + - @",
                "Choose another name.",
                request.Name);
        }

        if (request.RegistrationLimit is < 1 or > MostRegistrations)
        {
            throw HybridErrors.Invalid(
                "RegistrationLimitInvalid",
                $"{request.RegistrationLimit} machines cannot register with one activation: 1 to {MostRegistrations} can.",
                "Make several activations for more.",
                request.Name);
        }

        if (request.Lifetime <= TimeSpan.Zero || request.Lifetime > s_longest)
        {
            throw HybridErrors.Invalid(
                "ExpiryInvalid",
                $"An activation cannot last {request.Lifetime}: it lasts {s_longest.Days} days at most, and ends in the future.",
                "Give a shorter time; machines that have registered by then stay.",
                request.Name);
        }

        if (request.RoleName is { } role)
        {
            RoleRules.CheckRoleName(role);
        }

        TagRules.Check(request.Tags);
        if (request.ScriptPath is { } path && File.Exists(path))
        {
            throw HybridErrors.FileExists(path);
        }
    }

    [GeneratedRegex(@"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]+\z")]
    private static partial Regex Name();
}
