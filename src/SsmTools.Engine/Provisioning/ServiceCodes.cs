namespace SsmTools.Engine.Provisioning;

/// <summary>Error codes that are answers rather than failures.</summary>
internal static class ServiceCodes
{
    /// <summary>IAM: no such role, profile, policy or attachment.</summary>
    public static readonly string[] NoSuchEntity = ["NoSuchEntity"];

    /// <summary>IAM: somebody, perhaps an earlier try of ours, made it already.</summary>
    public static readonly string[] EntityAlreadyExists = ["EntityAlreadyExists"];

    /// <summary>IAM: something that was just taken away is still seen by a replica.</summary>
    public static readonly string[] DeleteConflict = ["DeleteConflict"];

    /// <summary>The caller may not do this: EC2 has its own word for it.</summary>
    public static readonly string[] Denied =
        ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedAccess"];

    /// <summary>EC2: an id that does not exist, or whose replica has not heard of it.</summary>
    public static readonly string[] NoSuchInstance = ["InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"];
}
