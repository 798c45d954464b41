using System.Text;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;
using SsmTools.Sandbox.Http;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Registration;

public sealed class RegionSearchTests
{
    private const string Id = "i-0123456789abcdef0";

    [Fact]
    public async Task The_region_that_has_an_instance_is_named_and_closed_ones_are_passed_over()
    {
        await using AwsStub stub = new();
        stub.Then((request, _) => Task.FromResult(Answer(request)));
        using AwsContext context = stub.Connect();

        IReadOnlyDictionary<string, string> found = await new RegionSearch(context).FindAsync([Id, "mi-0"], TestTimeout.Token);

        Assert.Equal("us-east-2", Assert.Single(found).Value);
        Assert.Equal(4, stub.Requests.Count);
    }

    [Fact]
    public async Task Other_regions_are_asked_once_in_a_run()
    {
        await using AwsStub stub = new();
        stub.Then((request, _) => Task.FromResult(Answer(request)));
        using AwsContext context = stub.Connect();
        RegionSearch search = new(context);

        await search.FindAsync([Id], TestTimeout.Token);
        Assert.Equal("us-east-2", (await search.FindAsync([Id], TestTimeout.Token))[Id]);

        Assert.Equal(4, stub.Requests.Count);
    }

    private static HttpResponse Answer(HttpRequest request)
    {
        string body = Encoding.UTF8.GetString(request.Body);
        string scope = request.Headers["Authorization"] ?? "";
        return body.Contains("Action=DescribeRegions", StringComparison.Ordinal)
            ? HttpResponse.Text(
                200,
                "<DescribeRegionsResponse><regionInfo><item><regionName>eu-central-1</regionName></item><item><regionName>us-east-2</regionName></item>"
                    + "<item><regionName>eu-south-1</regionName></item><item><regionName>sa-east-1</regionName></item></regionInfo></DescribeRegionsResponse>")
            : scope.Contains("/eu-south-1/", StringComparison.Ordinal)
            ? HttpResponse.Text(401, "<Response><Errors><Error><Code>AuthFailure</Code><Message>not validated</Message></Error></Errors></Response>")
            : HttpResponse.Text(
                200,
                "<DescribeInstancesResponse><reservationSet>"
                    + (scope.Contains("/us-east-2/", StringComparison.Ordinal)
                        ? $"<item><instancesSet><item><instanceId>{Id}</instanceId></item></instancesSet></item>"
                        : "")
                    + "</reservationSet></DescribeInstancesResponse>");
    }
}
