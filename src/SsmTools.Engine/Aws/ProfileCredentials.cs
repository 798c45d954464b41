using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace SsmTools.Engine.Aws;

/// <summary>Makes credentials out of a profile. Keys are taken as they are; the rest is AWSSDK.Core's work.</summary>
internal static class ProfileCredentials
{
    private static readonly string[] s_fetched =
        ["role_arn", "sso_session", "sso_account_id", "sso_start_url", "credential_process", "login_session"];

    /// <summary>Whether the profile says anything at all about credentials.</summary>
    public static bool HasAny(AwsProfile profile) =>
        profile["aws_access_key_id"] is not null
        || profile["aws_secret_access_key"] is not null
        || Array.Exists(s_fetched, key => profile[key] is not null);

    /// <exception cref="EngineException">PartialCredentials, ProfileWithoutCredentials, ProfileUnusable.</exception>
    public static AWSCredentials Create(AwsProfile profile, string region)
    {
        if (!Array.Exists(s_fetched, key => profile[key] is not null))
        {
            return CredentialResolver.FromKeys(
                    profile["aws_access_key_id"],
                    profile["aws_secret_access_key"],
                    profile["aws_session_token"],
                    $"keys of profile '{profile.Name}'")
                ?? throw WithoutCredentials(profile);
        }

        CredentialProfile core = ToCore(profile, region);
        try
        {
            ProfileSource source = new(profile.Files, region);
            return profile["sso_session"] is not null || profile["sso_start_url"] is not null
                ? SingleSignOn(AWSCredentialsFactory.GetAWSCredentials(core, source), profile.Name)
                : Fetched(AWSCredentialsFactory.GetAWSCredentials(core, source), profile);
        }
        catch (Exception e) when (
            e is AmazonClientException or InvalidDataException or InvalidOperationException or ArgumentException)
        {
            throw new EngineException(
                "ProfileUnusable",
                ErrorKind.AuthenticationError,
                $"The AWS profile '{profile.Name}' cannot be used: {e.Message}",
                "Correct the profile in ~/.aws/config, or name another with -ProfileName.",
                profile.Name,
                e);
        }
    }

    private static CheckedCredentials SingleSignOn(AWSCredentials inner, string profile) => new(
        inner,
        $"single sign-on profile '{profile}'",
        $"Sign in with: aws sso login --profile {profile} (or Invoke-AWSSSOLogin -ProfileName {profile})",
        "SsoLoginRequired");

    private static CheckedCredentials Fetched(AWSCredentials inner, AwsProfile profile) => new(
        inner,
        $"profile '{profile.Name}'",
        $"Check the profile in ~/.aws/config with: aws sts get-caller-identity --profile {profile.Name}");

    private static EngineException WithoutCredentials(AwsProfile profile) => new(
        "ProfileWithoutCredentials",
        ErrorKind.AuthenticationError,
        $"The AWS profile '{profile.Name}' has no credentials.",
        $"Complete it with: aws configure --profile {profile.Name}",
        profile.Name);

    private static CredentialProfile ToCore(AwsProfile profile, string region)
    {
        IReadOnlyDictionary<string, string>? session = profile["sso_session"] is { } name
            ? profile.Files.Section("sso-session", name)
            : null;
        CredentialProfileOptions options = new()
        {
            AccessKey = profile["aws_access_key_id"],
            SecretKey = profile["aws_secret_access_key"],
            Token = profile["aws_session_token"],
            CredentialProcess = profile["credential_process"],
            CredentialSource = profile["credential_source"],
            ExternalID = profile["external_id"],
            LoginSession = profile["login_session"],
            MfaSerial = profile["mfa_serial"],
            RoleArn = profile["role_arn"],
            RoleSessionName = profile["role_session_name"],
            SourceProfile = profile["source_profile"],
            SsoAccountId = profile["sso_account_id"],
            SsoRegion = session?.GetValueOrDefault("sso_region") ?? profile["sso_region"],
            SsoRegistrationScopes = session?.GetValueOrDefault("sso_registration_scopes"),
            SsoRoleName = profile["sso_role_name"],
            SsoSession = profile["sso_session"],
            SsoStartUrl = session?.GetValueOrDefault("sso_start_url") ?? profile["sso_start_url"],
            WebIdentityTokenFile = profile["web_identity_token_file"],
        };
        return new CredentialProfile(profile.Name, options)
        {
            Region = Amazon.RegionEndpoint.GetBySystemName(profile["region"] ?? region),
        };
    }

    /// <summary>Gives AWSSDK.Core the profiles that a source_profile names.</summary>
    private sealed class ProfileSource(ProfileFiles files, string region) : ICredentialProfileSource
    {
        public bool TryGetProfile(string profileName, out CredentialProfile profile)
        {
            AwsProfile? found = AwsProfile.Find(files, profileName);
            profile = found is null ? null! : ToCore(found, region);
            return found is not null;
        }
    }
}
