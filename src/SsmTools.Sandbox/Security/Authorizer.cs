using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Security;

/// <summary>Whether a principal may do what it asks for.</summary>
internal static class Authorizer
{
    /// <summary>
    /// Throws the protocol's refusal when the principal's policies do not allow the action, on every resource that it is
    /// about where resources count.
    /// </summary>
    /// <param name="world">The account.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="action">For example <c>ssm:StartSession</c>.</param>
    /// <param name="input">The request, not yet held against the model.</param>
    /// <param name="protocol">Of the answer.</param>
    public static void Check(SandboxWorld world, Principal principal, string action, JsonObject input, WireProtocol protocol)
    {
        IdentityPolicies? policies = principal.Only is null ? PoliciesOf(world, principal) : null;
        IReadOnlyList<PolicyQuestion> questions = policies is null ? [] : ResourceScope.Of(world, policies, action, input);
        if (questions.Count == 0)
        {
            Check(world, principal, action, protocol);
        }

        foreach (PolicyQuestion question in questions)
        {
            Decide(policies!, principal, question, protocol);
        }
    }

    /// <summary>The same for what is done on behalf of a principal, not by a request of its own.</summary>
    /// <param name="world">The account.</param>
    /// <param name="principal">Who has it done.</param>
    /// <param name="action">For example <c>iam:PassRole</c>.</param>
    /// <param name="protocol">Of the answer.</param>
    /// <param name="resource">The ARN that it is done to; null where resources do not count.</param>
    public static void Check(SandboxWorld world, Principal principal, string action, WireProtocol protocol, string? resource = null)
    {
        if (resource is not null && principal.Only is null && PoliciesOf(world, principal) is { } policies)
        {
            Decide(policies, principal, new PolicyQuestion(action, resource), protocol);
        }
        else if (!IsAllowed(world, principal, action))
        {
            throw Refusal(principal, action, "", NoPolicy(action), protocol);
        }
    }

    /// <summary>The same, with what is known around it.</summary>
    public static void Check(SandboxWorld world, Principal principal, PolicyQuestion question, WireProtocol protocol)
    {
        if (principal.Only is null && PoliciesOf(world, principal) is { } policies)
        {
            Decide(policies, principal, question, protocol);
        }
        else if (!IsAllowed(world, principal, question.Action))
        {
            throw Refusal(principal, question.Action, "", NoPolicy(question.Action), protocol);
        }
    }

    /// <summary>The same for a service that knows its resources itself: resources aside.</summary>
    public static void Check(SandboxWorld world, Principal principal, string action, WireProtocol protocol)
    {
        if (!IsAllowed(world, principal, action))
        {
            throw Refusal(principal, action, "", $"because no identity-based policy allows the {action} action", protocol);
        }
    }

    public static bool IsAllowed(SandboxWorld world, Principal principal, string action) => principal.Only is { } only
        ? only.Contains(action)
        : PoliciesOf(world, principal)?.Allows(action) != false;

    /// <summary>What says what a principal may do; null for the account's own user, who may do everything.</summary>
    public static IdentityPolicies? PoliciesOf(SandboxWorld world, Principal principal)
    {
        lock (world.Gate)
        {
            if (principal.RoleName is string name)
            {
                return world.Roles.TryGetValue(name, out RoleRecord? role) && role.Id == principal.RoleId
                    ? IdentityPolicies.Of(world, role)
                    : new IdentityPolicies([], null);
            }

            if (!principal.IsUser)
            {
                return null;
            }

            return world.Users.Values.FirstOrDefault(user => user.Id == principal.UserId) is { } found
                ? IdentityPolicies.Of(world, found)
                : new IdentityPolicies([], null);
        }
    }

    private static void Decide(IdentityPolicies policies, Principal principal, PolicyQuestion question, WireProtocol protocol)
    {
        PolicyVerdict verdict = policies.Decide(About(principal, question));
        if (verdict != PolicyVerdict.Allowed)
        {
            throw Refusal(
                principal,
                question.Action,
                $" on resource: {question.Resource}",
                verdict == PolicyVerdict.ExplicitDeny ? "with an explicit deny in an identity-based policy" : NoPolicy(question.Action),
                protocol);
        }
    }

    private static string NoPolicy(string action) => $"because no identity-based policy allows the {action} action";

    private static PolicyQuestion About(Principal principal, PolicyQuestion question)
    {
        if (principal.RoleName is null)
        {
            question.With("aws:username", principal.Name);
        }

        return question.With("aws:userid", principal.UserId).With("aws:PrincipalArn", principal.Arn);
    }

    private static ServiceError Refusal(Principal principal, string action, string resource, string because, WireProtocol protocol)
    {
        string detail = $"User: {principal.Arn} is not authorized to perform: {action}{resource} {because}";
        return SignatureErrors.Create(
            SignatureFault.Denied, protocol, protocol == WireProtocol.Ec2 ? $"You are not authorized to perform this operation. {detail}" : detail);
    }
}
