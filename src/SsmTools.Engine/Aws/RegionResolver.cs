using System.Text.RegularExpressions;

namespace SsmTools.Engine.Aws;

/// <summary>
/// Finds the region: parameter, shell, the named profile, AWS_REGION, AWS_DEFAULT_REGION, the default profile.
/// </summary>
internal static partial class RegionResolver
{
    /// <exception cref="EngineException">NoRegion, InvalidRegion.</exception>
    public static string Resolve(AwsSettings settings)
    {
        AwsOptions options = settings.Options;
        string region = options.Region
            ?? options.Shell?.Region
            ?? settings.ChosenProfile?["region"]
            ?? settings.Environment["AWS_REGION"]
            ?? settings.Environment["AWS_DEFAULT_REGION"]
            ?? settings.AmbientProfile?["region"]
            ?? throw new EngineException(
                "NoRegion",
                ErrorKind.InvalidArgument,
                "No AWS region was given, and neither the shell, the environment nor the profile names one.",
                "Give -Region, for example -Region eu-central-1, or set it once with Set-DefaultAWSRegion or AWS_REGION.");
        return Name().IsMatch(region)
            ? region
            : throw new EngineException(
                "InvalidRegion",
                ErrorKind.InvalidArgument,
                $"'{region}' is not the name of an AWS region.",
                "Region names look like eu-central-1 or us-gov-west-1.",
                region);
    }

    // The name becomes part of a host name: what does not look like a region must not get there.
    [GeneratedRegex(@"\A[a-z]{2,8}(-[a-z]{2,16}){1,3}-[0-9]{1,2}\z")]
    private static partial Regex Name();
}
