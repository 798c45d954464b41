namespace SsmTools.Engine.Registration;

/// <summary>What is said of an instance that is not in the region.</summary>
internal static class UnknownInstance
{
    /// <summary>The error's id.</summary>
    public const string ErrorId = "InstanceNotFound";

    /// <summary>The error.</summary>
    /// <param name="id">The instance.</param>
    /// <param name="region">Where it is not.</param>
    /// <param name="elsewhere">What <see cref="RegionSearch"/> found.</param>
    public static EngineException Error(string id, string region, IReadOnlyDictionary<string, string> elsewhere) =>
        elsewhere.TryGetValue(id, out string? other)
            ? new EngineException(
                ErrorId,
                ErrorKind.ObjectNotFound,
                $"There is no instance {id} in {region}: it is in {other}.",
                $"Name the region: -Region {other}",
                id)
            : new EngineException(
                ErrorId,
                ErrorKind.ObjectNotFound,
                $"There is no instance {id} in {region}.",
                "Check the id and the region (-Region): ids are known in one region and account only.",
                id);
}
