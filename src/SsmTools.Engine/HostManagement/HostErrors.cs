using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.HostManagement;

/// <summary>What can be wrong with what is asked for host management.</summary>
internal static class HostErrors
{
    /// <summary>Something that the service would not take.</summary>
    public static EngineException Invalid(string message, string advice, string target) =>
        new("HostManagementInvalid", ErrorKind.InvalidArgument, message, advice, target);

    /// <summary>An association of our name is somebody else's.</summary>
    public static EngineException Conflict(string name, string id) => new(
        "HostManagementConflict",
        ErrorKind.ResourceExists,
        $"The association {name} ({id}) is there, and SsmTools did not make it: it carries no tag {SsmToolsTag.Key}.",
        "Choose another -Name.",
        name);

    /// <summary>Somebody else made what is to be taken away.</summary>
    public static EngineException NotManaged(string what, string target) => new(
        "HostManagementNotManaged",
        ErrorKind.InvalidOperation,
        $"{what} was not set up by SsmTools.",
        "Use -Force to take it away all the same, or undo it where it was made.",
        target);

    /// <summary>There is no such set.</summary>
    public static EngineException NotFound(string name, string region) => new(
        "HostManagementNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no host management {name} in {region}.",
        "Get-SsmHostManagement lists what there is.",
        name);
}
