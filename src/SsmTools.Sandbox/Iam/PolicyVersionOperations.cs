using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>The versions of a managed policy.</summary>
internal static class PolicyVersionOperations
{
    private const int MostVersions = 5;

    public static JsonObject Create(ApiCall call)
    {
        PolicyRecord policy = call.Policy();
        string document = call.Required("PolicyDocument");
        PolicyCheck.Identity(document);
        PolicyCheck.Size(document);
        if (policy.Versions.Count == MostVersions)
        {
            throw IamErrors.LimitExceeded(
                "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.");
        }

        policy.LastVersion++;
        policy.Versions.Add(policy.LastVersion, document);
        if (call.Input.Flag("SetAsDefault") == true)
        {
            policy.DefaultVersion = policy.LastVersion;
        }

        return new JsonObject { ["PolicyVersion"] = Shape(policy, policy.LastVersion, document: false) };
    }

    public static JsonObject Get(ApiCall call)
    {
        PolicyRecord policy = call.Policy();
        return new JsonObject { ["PolicyVersion"] = Shape(policy, Number(call, policy), document: true) };
    }

    public static JsonObject List(ApiCall call)
    {
        PolicyRecord policy = call.Policy();
        return IamShapes.Listing(
            call, "Versions", policy.Versions.Keys, number => Paging.Key(policy.LastVersion - number), number => Shape(policy, number, false));
    }

    public static JsonObject Delete(ApiCall call)
    {
        PolicyRecord policy = call.Policy();
        int number = Number(call, policy);
        if (number == policy.DefaultVersion)
        {
            throw IamErrors.DeleteConflict("Cannot delete the default version of a policy.");
        }

        policy.Versions.Remove(number);
        return [];
    }

    private static int Number(ApiCall call, PolicyRecord policy)
    {
        string id = call.Required("VersionId");
        return int.TryParse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && policy.Versions.ContainsKey(number)
            ? number
            : throw IamErrors.NoSuchEntity($"Policy {policy.Arn} version {id} does not exist or is not attachable.");
    }

    private static JsonObject Shape(PolicyRecord policy, int number, bool document)
    {
        return new JsonObject
        {
            ["Document"] = document ? IamShapes.Document(policy.Versions[number]) : null,
            ["VersionId"] = IamShapes.Version(number),
            ["IsDefaultVersion"] = number == policy.DefaultVersion,
            ["CreateDate"] = policy.Created,
        };
    }
}
