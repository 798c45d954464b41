namespace SsmTools.Engine.Aws;

/// <summary>A profile that was found, with its settings.</summary>
/// <param name="Name">The profile's name.</param>
/// <param name="Files">The files that it, and profiles it refers to, stand in.</param>
/// <param name="Settings">The settings, names in lower case.</param>
internal sealed record AwsProfile(string Name, ProfileFiles Files, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>A setting's value; null when it is not there or empty.</summary>
    public string? this[string key] => Settings.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    public static AwsProfile? Find(ProfileFiles files, string name) =>
        files.Profile(name) is { } settings ? new AwsProfile(name, files, settings) : null;

    /// <summary>Settings are secrets in part.</summary>
    public override string ToString() => $"profile {Name}";
}
