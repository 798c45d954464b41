namespace SsmTools.Engine.Provisioning;

/// <summary>What can be a tag.</summary>
internal static class TagRules
{
    /// <summary>Checks the tags that a user gave.</summary>
    /// <exception cref="EngineException">TagInvalid.</exception>
    public static void Check(IReadOnlyDictionary<string, string> tags)
    {
        foreach ((string key, string value) in tags)
        {
            if (SsmToolsTag.IsReserved(key))
            {
                throw Bad(key, $"The tag '{key}' cannot be given: its key is reserved.");
            }

            if (key.Length is 0 or > 128 || value.Length > 256)
            {
                throw Bad(key, $"The tag '{key}' cannot be given: keys have 1 to 128 characters, values at most 256.");
            }
        }
    }

    private static EngineException Bad(string key, string message) =>
        new("TagInvalid", ErrorKind.InvalidArgument, message, "Choose another tag.", key);
}
