using System.Text;
using System.Text.RegularExpressions;

namespace SsmTools.Tests.Support;

/// <summary>
/// Where moto 5.2 does otherwise than AWS. It fails at three filters: that for the ARN of an instance profile is left out
/// (the other filters of those calls stay, so that they see instances of other profiles at worst), those for the names of
/// endpoint services and for the ids of endpoints are put as the lists that they stand for. And a subnet that goes does not
/// leave its route table by itself.
/// </summary>
internal sealed partial class MotoLimits(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Version = "Version=2016-11-15";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken);
        string kept = FilterName().Match(body).Groups[1].Value switch
        {
            "iam-instance-profile.arn" => WithoutProfile(body),
            "service-name" => AsList(body, "ServiceName", value => value.StartsWith("com.", StringComparison.Ordinal)),
            "vpc-endpoint-id" => AsList(body, "VpcEndpointId", _ => true),
            _ => body,
        };
        if (kept != body)
        {
            request.Content = Form(kept);
        }

        if (DeletedSubnet().Match(body) is { Success: true } subnet)
        {
            await LeaveRouteTablesAsync(request, subnet.Groups[1].Value, cancellationToken);
        }

        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);

        // No filter says that something is not there, as a list of ids does.
        return kept.Contains("VpcEndpointId.1=", StringComparison.Ordinal)
            && (await response.Content.ReadAsStringAsync(cancellationToken)).Contains("InvalidVpcEndpointId.NotFound", StringComparison.Ordinal)
                ? new HttpResponseMessage { Content = new StringContent("<DescribeVpcEndpointsResponse/>"), RequestMessage = request }
                : response;
    }

    // It is the first, and moto counts filters from one.
    private static string WithoutProfile(string body) => string.Join('&', body.Split('&').Where(
        pair => !pair.StartsWith("Filter.1.", StringComparison.Ordinal))).Replace("Filter.2.", "Filter.1.", StringComparison.Ordinal);

    private static string AsList(string body, string parameter, Func<string, bool> isKnown)
    {
        string[] pairs = body.Split('&');
        IEnumerable<string> values = pairs.Where(pair => pair.StartsWith("Filter.1.Value", StringComparison.Ordinal))
            .Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]).Where(isKnown);
        return string.Join('&', pairs.Where(pair => !pair.StartsWith("Filter.1.", StringComparison.Ordinal))
            .Concat(values.Select((value, index) => $"{parameter}.{index + 1}={value}")));
    }

    private static StringContent Form(string body) => new(body, Encoding.UTF8, "application/x-www-form-urlencoded");

    private async Task LeaveRouteTablesAsync(HttpRequestMessage original, string subnet, CancellationToken cancellationToken)
    {
        string tables = await AskAsync(
            original,
            $"Action=DescribeRouteTables&{Version}&Filter.1.Name=association.subnet-id&Filter.1.Value.1={subnet}",
            cancellationToken);
        foreach (Match association in Association().Matches(tables))
        {
            await AskAsync(
                original, $"Action=DisassociateRouteTable&{Version}&AssociationId={association.Groups[1].Value}", cancellationToken);
        }
    }

    private async Task<string> AskAsync(HttpRequestMessage original, string body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, original.RequestUri) { Content = Form(body) };

        // It says which service is meant; moto checks no signature.
        foreach ((string name, IEnumerable<string> values) in original.Headers.Where(header => header.Key == "Authorization"))
        {
            request.Headers.TryAddWithoutValidation(name, values);
        }

        using HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    [GeneratedRegex("Filter\\.1\\.Name=([a-z.-]+)")]
    private static partial Regex FilterName();

    [GeneratedRegex("Action=DeleteSubnet&.*SubnetId=(subnet-[0-9a-f]+)")]
    private static partial Regex DeletedSubnet();

    [GeneratedRegex("<routeTableAssociationId>(rtbassoc-[0-9a-f]+)<")]
    private static partial Regex Association();
}
