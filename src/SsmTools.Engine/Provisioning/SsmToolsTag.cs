namespace SsmTools.Engine.Provisioning;

/// <summary>The tags by which SsmTools knows what it made; what lacks the first is touched only when forced.</summary>
internal static class SsmToolsTag
{
    /// <summary>On everything that is made; its value is the name of the role or instance that it was made for.</summary>
    public const string Key = "SsmTools";

    /// <summary>On an instance profile: the policy that was attached, with it, to a role that was there before.</summary>
    public const string AttachedPolicyKey = "SsmTools:AttachedPolicy";

    /// <summary>On an instance: the image that was asked for, since short names stand for another image every month.</summary>
    public const string ImageKey = "SsmTools:Image";

    /// <summary>On a security group: whose it is, <see cref="InstancesPart"/> or <see cref="EndpointsPart"/>.</summary>
    public const string PartKey = "SsmTools:Part";

    /// <summary>The group of a network's instances.</summary>
    public const string InstancesPart = "instances";

    /// <summary>The group of a network's endpoints.</summary>
    public const string EndpointsPart = "endpoints";

    /// <summary>Whether a key belongs to us or to the service, and so cannot be chosen by a user.</summary>
    public static bool IsReserved(string key) =>
        key.Equals(Key, StringComparison.OrdinalIgnoreCase)
        || key.StartsWith(Key + ":", StringComparison.OrdinalIgnoreCase)
        || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase);
}
