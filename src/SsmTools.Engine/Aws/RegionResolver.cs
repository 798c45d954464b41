namespace SsmTools.Engine.Aws;

/// <summary>
/// Finds the region: parameter, shell, the named profile, AWS_REGION, AWS_DEFAULT_REGION, the default profile.
/// </summary>
internal static class RegionResolver
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
        return IsRegion(region)
            ? region
            : throw new EngineException(
                "InvalidRegion",
                ErrorKind.InvalidArgument,
                $"'{region}' is not the name of an AWS region.",
                "Region names look like eu-central-1 or us-gov-west-1.",
                region);
    }

    // The name becomes part of a host name: what does not look like a region (words and a number) must not get there.
    // Said without a regular expression, whose assembly nothing else on the way to a first call needs.
    private static bool IsRegion(string name)
    {
        string[] parts = name.Split('-');
        return parts.Length is >= 3 and <= 5
            && parts[..^1].All(word => word.Length is >= 2 and <= 16 && word.All(char.IsAsciiLetterLower))
            && parts[^1].Length is 1 or 2
            && parts[^1].All(char.IsAsciiDigit);
    }
}
