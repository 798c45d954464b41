namespace SsmTools.Engine.Aws;

/// <summary>One of AWS's separate worlds: its domain, and the region that its IAM lives in.</summary>
/// <param name="Name">The second field of ARNs there, for example <c>aws-cn</c>.</param>
/// <param name="RegionPrefix">What the names of its regions begin with.</param>
/// <param name="DnsSuffix">The domain of its services.</param>
/// <param name="IamHost">IAM's host, one for the whole partition.</param>
/// <param name="IamRegion">The region in the signature of requests to IAM.</param>
internal sealed record AwsPartition(
    string Name, string RegionPrefix, string DnsSuffix, string IamHost, string IamRegion)
{
    private static readonly AwsPartition s_commercial =
        new("aws", string.Empty, "amazonaws.com", "iam.amazonaws.com", "us-east-1");

    private static readonly AwsPartition[] s_others =
    [
        new("aws-cn", "cn-", "amazonaws.com.cn", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        new("aws-us-gov", "us-gov-", "amazonaws.com", "iam.us-gov.amazonaws.com", "us-gov-west-1"),
        new("aws-eusc", "eusc-", "amazonaws.eu", "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        new("aws-iso", "us-iso-", "c2s.ic.gov", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
        new("aws-iso-b", "us-isob-", "sc2s.sgov.gov", "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"),
        new("aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"),
        new("aws-iso-f", "us-isof-", "csp.hci.ic.gov", "iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"),
    ];

    public static AwsPartition Of(string region) =>
        Array.Find(s_others, p => region.StartsWith(p.RegionPrefix, StringComparison.Ordinal)) ?? s_commercial;
}
