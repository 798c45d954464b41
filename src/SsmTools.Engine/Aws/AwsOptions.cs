namespace SsmTools.Engine.Aws;

/// <summary>What a caller says about whom to call AWS as, and where. Whatever is null is looked up.</summary>
public sealed record AwsOptions
{
    /// <summary>The region's name, for example <c>eu-central-1</c>.</summary>
    public string? Region { get; init; }

    /// <summary>The name of a profile that must exist.</summary>
    public string? ProfileName { get; init; }

    /// <summary>The credentials file, or the folder that holds it and <c>config</c>; null for the usual place.</summary>
    public string? ProfileLocation { get; init; }

    /// <summary>The access key's id; needs <see cref="SecretKey"/>.</summary>
    public string? AccessKey { get; init; }

    /// <summary>The secret of the access key.</summary>
    public string? SecretKey { get; init; }

    /// <summary>The token that belongs to temporary keys.</summary>
    public string? SessionToken { get; init; }

    /// <summary>An http or https address that all services are called at; null for AWS's own.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>What the shell has chosen for all commands.</summary>
    public ShellDefaults? Shell { get; init; }

    /// <summary>Where variables and files are read.</summary>
    internal AwsEnvironment Environment { get; init; } = AwsEnvironment.Process;

    /// <summary>How long one attempt of a call may take, the answer's body included.</summary>
    internal TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the pause before a repetition may become.</summary>
    internal TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What carries calls instead of sockets; null for sockets.</summary>
    internal HttpMessageHandler? Transport { get; init; }

    /// <summary>Names no secret.</summary>
    public override string ToString() =>
        $"AwsOptions {{ Region = {Region}, ProfileName = {ProfileName}, EndpointUrl = {EndpointUrl} }}";
}
