using SsmTools.Sandbox.Wire;
using Xunit;

namespace SsmTools.Tests.Sandbox.Wire;

public sealed class PagingTests
{
    [Fact]
    public void Pages_hold_everything_once_even_when_things_come_and_go_between_them()
    {
        List<string> items = [.. Enumerable.Range(0, 23).Select(i => $"item-{i:D2}")];
        List<string> seen = [];
        string? token = null;
        do
        {
            (IReadOnlyList<string> page, token) = Page(items, token);
            seen.AddRange(page);
            items.Remove(page[^1]);
            items.Add($"new-{seen.Count:D2}");
            Assert.True(seen.Count < 60);
        }
        while (token is not null && seen.Count < 23);

        Assert.Equal(Enumerable.Range(0, 23).Select(i => $"item-{i:D2}"), seen.Where(item => item.StartsWith("item", StringComparison.Ordinal)));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public void A_full_last_page_has_no_token()
    {
        Assert.Null(Page(["a", "b", "c", "d", "e"], null).Next);
    }

    [Theory]
    [InlineData("zzz")]
    [InlineData("eA==")]
    [InlineData("Z2V0LW90aGVyCml0ZW0=")]
    public void Tokens_that_are_not_this_listings_are_refused(string token)
    {
        Assert.Equal("BadToken", Assert.Throws<ServiceError>(() => Page(["a"], token)).Code);
    }

    private static (IReadOnlyList<string> Items, string? Next) Page(IEnumerable<string> items, string? token)
    {
        return Paging.Page(items, item => item, "listing", 5, token, () => new ServiceError("BadToken", ""));
    }
}
