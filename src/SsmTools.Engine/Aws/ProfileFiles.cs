namespace SsmTools.Engine.Aws;

/// <summary>
/// The shared files that AWS tools keep profiles in: <c>~/.aws/credentials</c> and <c>~/.aws/config</c>, or the files
/// that AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE name, or a place that the caller names.
/// </summary>
internal sealed class ProfileFiles
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    private readonly Dictionary<string, Dictionary<string, string>> _sections = new(StringComparer.Ordinal);

    private ProfileFiles()
    {
    }

    /// <summary>Reads both files; a missing one is an empty one.</summary>
    /// <exception cref="EngineException">ProfileFileUnreadable.</exception>
    public static ProfileFiles Load(AwsEnvironment environment, string? location)
    {
        (string credentials, string config) = Paths(environment, location);
        ProfileFiles files = new();

        // The same key in both: the credentials file has the last word.
        files.Read(config, name => name);
        files.Read(credentials, name => name == "default" ? name : "profile " + name);
        return files;
    }

    /// <summary>A profile's settings, names in lower case; null when there is no such profile.</summary>
    public IReadOnlyDictionary<string, string>? Profile(string name) =>
        _sections.GetValueOrDefault(name == "default" ? name : "profile " + name)
        ?? (name == "default" ? _sections.GetValueOrDefault("profile default") : null);

    /// <summary>A section like <c>[sso-session name]</c>; empty when it is not there.</summary>
    public IReadOnlyDictionary<string, string> Section(string kind, string name) =>
        _sections.GetValueOrDefault($"{kind} {name}") ?? s_none;

    private static (string Credentials, string Config) Paths(AwsEnvironment environment, string? location)
    {
        string folder = Path.Combine(environment.Home, ".aws");
        if (string.IsNullOrEmpty(location))
        {
            return (
                Expand(environment, environment["AWS_SHARED_CREDENTIALS_FILE"]) ?? Path.Combine(folder, "credentials"),
                Expand(environment, environment["AWS_CONFIG_FILE"]) ?? Path.Combine(folder, "config"));
        }

        string place = Expand(environment, location)!;
        return Directory.Exists(place)
            ? (Path.Combine(place, "credentials"), Path.Combine(place, "config"))
            : (place, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(place)) ?? string.Empty, "config"));
    }

    private static string? Expand(AwsEnvironment environment, string? path) =>
        path is not null && path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(environment.Home, path[2..])
            : path;

    private void Read(string path, Func<string, string> sectionName)
    {
        try
        {
            if (File.Exists(path))
            {
                Parse(File.ReadLines(path), sectionName);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                "ProfileFileUnreadable",
                ErrorKind.AuthenticationError,
                $"The profile file {path} cannot be read: {e.Message}",
                "Check the file's permissions, or name another with -ProfileLocation.",
                path,
                e);
        }
    }

    private void Parse(IEnumerable<string> lines, Func<string, string> sectionName)
    {
        Dictionary<string, string>? section = null;
        string parent = string.Empty;
        foreach (string line in lines)
        {
            string text = line.Trim();
            if (text.Length == 0 || text[0] is '#' or ';')
            {
                continue;
            }

            if (text[0] == '[')
            {
                section = Open(sectionName(HeadingOf(text)));
                parent = string.Empty;
                continue;
            }

            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (section is null || equals < 1)
            {
                continue;
            }

            // An indented line belongs to the setting without a value above it.
            bool nested = char.IsWhiteSpace(line[0]) && parent.Length > 0;
            string key = text[..equals].TrimEnd().ToLowerInvariant();
            string value = WithoutComment(text[(equals + 1)..].Trim());
            parent = nested ? parent : value.Length == 0 ? key : string.Empty;
            section[nested ? $"{parent}.{key}" : key] = value;
        }
    }

    private Dictionary<string, string> Open(string name)
    {
        if (!_sections.TryGetValue(name, out Dictionary<string, string>? section))
        {
            section = new Dictionary<string, string>(StringComparer.Ordinal);
            _sections.Add(name, section);
        }

        return section;
    }

    private static string HeadingOf(string line)
    {
        int end = line.IndexOf(']', StringComparison.Ordinal);
        string heading = end < 0 ? line[1..] : line[1..end];
        return string.Join(' ', heading.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string WithoutComment(string value)
    {
        int comment = value.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? value : value[..comment].TrimEnd();
    }
}
