namespace SsmTools.Engine.HybridNodes;

/// <summary>What can be wrong with what is asked for hybrid nodes.</summary>
internal static class HybridErrors
{
    /// <summary>Something that the service would not take.</summary>
    public static EngineException Invalid(string id, string message, string advice, string target) =>
        new(id, ErrorKind.InvalidArgument, message, advice, target);

    /// <summary>Systems Manager may not assume the role.</summary>
    /// <param name="role">The role.</param>
    /// <param name="principals">Whom it trusts.</param>
    /// <param name="what">What it is wanted for.</param>
    public static EngineException TrustMismatch(string role, string principals, string what = "hybrid nodes") => new(
        "NodeRoleTrustMismatch",
        ErrorKind.ResourceExists,
        $"Role {role} exists, but Systems Manager may not assume it for {what}: it trusts {principals}.",
        "Choose another name with -RoleName, or leave it out; or add ssm.amazonaws.com to the role's trust policy.",
        role);

    /// <summary>An instance of EC2 is no hybrid node.</summary>
    public static EngineException NotHybrid(string id) => new(
        "NodeNotHybrid",
        ErrorKind.InvalidArgument,
        $"{id} is an instance of EC2: it has no registration that could be taken back.",
        $"To terminate it: Remove-SsmInstance {id}. To cut it off: Remove-SsmInstanceRole with the name of its role.",
        id);

    /// <summary>Somebody else registered the node or made the activation.</summary>
    public static EngineException NotManaged(string what, string target) => new(
        "NodeNotManaged",
        ErrorKind.InvalidOperation,
        $"{what} was not made by SsmTools: it carries no tag {Provisioning.SsmToolsTag.Key}.",
        "Use -Force to take it away all the same.",
        target);

    /// <summary>Nobody may write over a file that may hold another activation's code.</summary>
    public static EngineException FileExists(string path) => new(
        "ScriptFileExists",
        ErrorKind.ResourceExists,
        $"{path} is there already, and is not written over. No activation was made.",
        "Choose another -ScriptPath, or delete the file.",
        path);

    /// <summary>The file cannot be written.</summary>
    public static EngineException FileFailed(string path, Exception inner) => new(
        "ScriptFileFailed",
        ErrorKind.InvalidArgument,
        $"{path} cannot be written: {inner.Message}",
        "Choose a -ScriptPath in a folder that is there and that you may write to.",
        path,
        inner);
}
