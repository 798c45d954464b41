using Amazon.Runtime;

namespace SsmTools.Engine.Aws;

/// <summary>
/// Finds whom to call as: literal keys, the named profile, keys in the shell, AWS_* variables, AWS_PROFILE, the default
/// profile, the container's role, the instance's role. What was named and is not there is an error and never passed over.
/// </summary>
internal static class CredentialResolver
{
    /// <param name="settings">Where to look.</param>
    /// <param name="region">Where roles are assumed that a profile names no region for.</param>
    /// <param name="time">The clock by which the instance's role is waited for.</param>
    /// <exception cref="EngineException">
    /// CredentialsNotFound, PartialCredentials, ProfileWithoutCredentials, ProfileUnusable.
    /// </exception>
    public static AWSCredentials Resolve(AwsSettings settings, string region, TimeProvider time)
    {
        AwsOptions options = settings.Options;
        AwsEnvironment environment = settings.Environment;
        return FromKeys(options.AccessKey, options.SecretKey, options.SessionToken, "parameters -AccessKey and -SecretKey")
            ?? (options.ProfileName is null ? null : ProfileCredentials.Create(settings.ChosenProfile!, region))
            ?? FromKeys(
                options.Shell?.AccessKey,
                options.Shell?.SecretKey,
                options.Shell?.SessionToken,
                "credentials of the shell")
            ?? (settings.ChosenProfile is { } chosen ? ProfileCredentials.Create(chosen, region) : null)
            ?? FromKeys(
                environment["AWS_ACCESS_KEY_ID"],
                environment["AWS_SECRET_ACCESS_KEY"],
                environment["AWS_SESSION_TOKEN"],
                "variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
            ?? FromWebIdentity(environment)
            ?? FromAmbientProfile(settings, region)
            ?? FromContainer(environment)
            ?? FromInstance(environment, time)
            ?? throw new EngineException(
                "CredentialsNotFound",
                ErrorKind.AuthenticationError,
                "No AWS credentials were found: no keys or profile were given, and neither the shell, the environment, "
                + "the default profile nor a role of this machine has any.",
                "Give -ProfileName, or -AccessKey and -SecretKey; or make a default profile with: aws configure");
    }

    /// <summary>Credentials out of two or three texts; null when none is there.</summary>
    /// <exception cref="EngineException">PartialCredentials, when only some are.</exception>
    public static AWSCredentials? FromKeys(string? accessKey, string? secretKey, string? sessionToken, string what) =>
        (Given(accessKey), Given(secretKey), Given(sessionToken)) switch
        {
            (null, null, null) => null,
            ({ } key, { } secret, null) => new BasicAWSCredentials(key, secret),
            ({ } key, { } secret, { } token) => new SessionAWSCredentials(key, secret, token),
            _ => throw new EngineException(
                "PartialCredentials",
                ErrorKind.AuthenticationError,
                $"The {what} are incomplete: an access key's id and its secret belong together.",
                "Give both, and with temporary keys the session token too, or none of them."),
        };

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static AWSCredentials? FromAmbientProfile(AwsSettings settings, string region)
    {
        if (settings.AmbientProfile is not { } profile)
        {
            return null;
        }

        // A default profile often holds a region and no more; one that AWS_PROFILE names was meant.
        return settings.Environment["AWS_PROFILE"] is null && !ProfileCredentials.HasAny(profile)
            ? null
            : ProfileCredentials.Create(profile, region);
    }

    private static CheckedCredentials? FromWebIdentity(AwsEnvironment environment) =>
        environment["AWS_WEB_IDENTITY_TOKEN_FILE"] is { } file && environment["AWS_ROLE_ARN"] is { } role
            ? new CheckedCredentials(
                new AssumeRoleWithWebIdentityCredentials(file, role, environment["AWS_ROLE_SESSION_NAME"] ?? "SsmTools"),
                $"role {role}",
                "Check that the token file is there and that the role trusts its issuer.")
            : null;

    private static CheckedCredentials? FromContainer(AwsEnvironment environment) =>
        environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] is not null
        || environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] is not null
            ? new CheckedCredentials(
                new GenericContainerCredentials(), "container role", "Check the role of the task or pod.")
            : null;

    private static CheckedCredentials? FromInstance(AwsEnvironment environment, TimeProvider time) =>
        InstanceMetadata.Answers(environment, time)
            ? new CheckedCredentials(
                new InstanceProfileAWSCredentials(), "instance role", "Check the instance profile of this machine.")
            : null;
}
