using System.Net;
using SsmTools.Engine.Provisioning;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class NetworkCidrTests
{
    [Theory]
    [InlineData("10.10.0.0/23", "10.10.0.0/23")]
    [InlineData("10.10.1.7/23", "10.10.0.0/23")]
    [InlineData("255.255.255.255/32", "255.255.255.255/32")]
    [InlineData("1.2.3.4/0", "0.0.0.0/0")]
    public void Ranges_are_read_without_the_bits_behind_the_prefix(string text, string range)
    {
        Assert.True(NetworkCidr.TryRead(text, out IPNetwork read));
        Assert.Equal(range, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.10.0.0")]
    [InlineData("10.10.0.0/")]
    [InlineData("10.10.0.0/33")]
    [InlineData("10.10.0.0/-1")]
    [InlineData("10.10/16")]
    [InlineData("10.10.0.256/16")]
    [InlineData("fd00::/64")]
    [InlineData("10.10.0.0/16/8")]
    public void Nonsense_is_no_range(string text) => Assert.False(NetworkCidr.TryRead(text, out _));

    [Theory]
    [InlineData("10.10.0.0/23", 1, "10.10.0.0/23")]
    [InlineData("10.10.0.0/23", 2, "10.10.0.0/24 10.10.1.0/24")]
    [InlineData("10.10.0.0/22", 3, "10.10.0.0/24 10.10.1.0/24 10.10.2.0/24 10.10.3.0/24")]
    [InlineData("192.168.255.224/27", 2, "192.168.255.224/28 192.168.255.240/28")]
    public void A_range_is_cut_into_a_piece_for_each_zone(string cidr, int zones, string pieces)
    {
        Assert.True(NetworkCidr.TryRead(cidr, out IPNetwork range));
        Assert.Equal(pieces.Split(' '), NetworkCidr.Split(range, NetworkCidr.SubnetPrefix(range, zones)));
    }

    [Theory]
    [InlineData("10.10.0.0/16", "10.10.3.0/24", true)]
    [InlineData("10.10.3.0/24", "10.10.3.0/24", true)]
    [InlineData("10.10.3.0/24", "10.10.0.0/16", false)]
    [InlineData("0.0.0.0/0", "10.10.0.0/16", true)]
    [InlineData("::/0", "10.10.0.0/16", false)]
    [InlineData(null, "10.10.0.0/16", false)]
    public void A_range_covers_what_lies_in_it(string? outer, string inner, bool covers) =>
        Assert.Equal(covers, NetworkCidr.Covers(outer, inner));
}
