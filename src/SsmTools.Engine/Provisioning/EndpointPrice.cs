using System.Globalization;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// What interface endpoints cost. Prices differ by region and change, and the engine does not ask for them: one list
/// price is told, with its region and its date, so that nobody takes it for the account's own.
/// </summary>
/// <remarks>Source: aws.amazon.com/privatelink/pricing; infracost's aws/testdata/vpc_endpoint_test (730 h, 7.30 USD).</remarks>
internal static class EndpointPrice
{
    private const decimal HourlyInDollars = 0.01m;
    private const int HoursAMonth = 730;
    private const string Region = "us-east-1";
    private const string ReadIn = "November 2026";

    /// <summary>A month of so many endpoints in one zone each, for example <c>14.60 USD a month</c>.</summary>
    public static string Month(int endpointZones) =>
        string.Create(CultureInfo.InvariantCulture, $"{HourlyInDollars * HoursAMonth * endpointZones:0.00} USD a month");

    /// <summary>What a user should know before so many endpoint interfaces are made; null where nothing costs.</summary>
    /// <param name="interfacesByZone">How many interfaces each zone gets.</param>
    /// <param name="region">Where they are made.</param>
    public static string? Words(IReadOnlyDictionary<string, int> interfacesByZone, string region)
    {
        int all = interfacesByZone.Values.Sum();
        if (all == 0)
        {
            return null;
        }

        string zones = string.Join("; ", interfacesByZone
            .OrderBy(zone => zone.Key, StringComparer.Ordinal)
            .Select(zone => $"{zone.Key} {Month(zone.Value)}"));
        string total = interfacesByZone.Count > 1 ? $"; together {Month(all)}" : string.Empty;
        string elsewhere = region == Region ? string.Empty : $" Prices in {region} can differ.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Interface endpoints cost money for as long as they are there: {zones}{total}, and more for data. That is the list")
            + string.Create(
                CultureInfo.InvariantCulture,
                $" price of {Region}, {ReadIn}: {HourlyInDollars} USD an hour and zone, {HoursAMonth} hours a month.{elsewhere}");
    }
}
