using System.Globalization;

namespace SsmTools.Engine.HybridNodes;

/// <summary>
/// What the advanced-instances tier costs. Prices differ by region and change, and the engine does not ask for them: one
/// list price is told, with its region and its date, so that nobody takes it for the account's own.
/// </summary>
/// <remarks>
/// Source: aws.amazon.com/systems-manager/pricing as the sagemaker-ssh-helper's README quotes it (0.00695 USD per advanced
/// on-premises instance and hour, June 2024); infracost/infracost#338 has 0.0069 from the price list.
/// </remarks>
internal static class TierPrice
{
    private const decimal HourlyInDollars = 0.00695m;
    private const int HoursAMonth = 730;
    private const string Region = "us-east-1";
    private const string ReadIn = "June 2024";
    private const string Page = "https://aws.amazon.com/systems-manager/pricing";

    /// <summary>So many nodes, for example <c>5.07 USD a month</c>.</summary>
    public static string Month(int nodes) =>
        string.Create(CultureInfo.InvariantCulture, $"{HourlyInDollars * HoursAMonth * nodes:0.00} USD a month");

    /// <summary>What a user should know before the tier is changed.</summary>
    /// <param name="region">Where it is.</param>
    /// <param name="nodes">How many hybrid nodes are there now; null where that is not known.</param>
    public static string Words(string region, int? nodes)
    {
        string now = nodes switch
        {
            null or 0 => string.Empty,
            1 => $" The one that is there now: {Month(1)}.",
            _ => $" The {nodes} that are there now: {Month(nodes.Value)}.",
        };
        string elsewhere = region == Region ? string.Empty : $" Prices in {region} can differ:";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"In the advanced tier every hybrid node is paid by the hour: {HourlyInDollars} USD, which is {Month(1)} of {HoursAMonth}")
            + $" hours (list price of {Region}, {ReadIn}).{now}{elsewhere} {Page} has today's.";
    }
}
