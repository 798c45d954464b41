namespace SsmTools.Engine.Aws;

/// <summary>
/// The one place where options, shell, variables and profiles come together; resolvers ask it and nothing else.
/// </summary>
internal sealed class AwsSettings
{
    private AwsSettings(AwsOptions options, AwsProfile? chosen, AwsProfile? ambient)
    {
        Options = options;
        ChosenProfile = chosen;
        AmbientProfile = ambient;
    }

    public AwsOptions Options { get; }

    public AwsEnvironment Environment => Options.Environment;

    /// <summary>The profile that the caller or the shell named.</summary>
    public AwsProfile? ChosenProfile { get; }

    /// <summary>The profile that AWS_PROFILE names, or else the default one; null where that does not exist.</summary>
    public AwsProfile? AmbientProfile { get; }

    /// <summary>The profile that settings other than credentials come from.</summary>
    public AwsProfile? Profile => ChosenProfile ?? AmbientProfile;

    /// <exception cref="EngineException">ProfileNotFound, ProfileFileUnreadable.</exception>
    public static AwsSettings Load(AwsOptions options)
    {
        ProfileFiles files = ProfileFiles.Load(options.Environment, options.ProfileLocation);
        string? named = options.ProfileName;

        // Keys in the shell replaced the profile that was chosen there before.
        named ??= options.Shell is { AccessKey: null, SecretKey: null } shell ? shell.ProfileName : null;
        if (named is not null)
        {
            return new AwsSettings(options, AwsProfile.Find(files, named) ?? throw NotFound(named, options), null);
        }

        string? variable = options.Environment["AWS_PROFILE"];
        AwsProfile? ambient = AwsProfile.Find(files, variable ?? "default");
        bool needed = options.AccessKey is null && options.Shell?.AccessKey is null
            && options.Environment["AWS_ACCESS_KEY_ID"] is null;
        return variable is not null && ambient is null && needed
            ? throw NotFound(variable, options)
            : new AwsSettings(options, null, ambient);
    }

    private static EngineException NotFound(string name, AwsOptions options) => new(
        "ProfileNotFound",
        ErrorKind.AuthenticationError,
        $"There is no AWS profile named '{name}' in {options.ProfileLocation ?? "~/.aws/config or ~/.aws/credentials"}.",
        "Name an existing profile with -ProfileName, or make this one with: aws configure --profile " + name,
        name);
}
