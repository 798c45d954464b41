using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Diagnosis;
using Xunit;
using static SsmTools.Tests.Diagnosis.Scenes;

namespace SsmTools.Tests.Diagnosis;

public sealed class AclRulesTests
{
    private static readonly AclGap s_gap = new("acl-1", Egress: true, "10.0.1.0/24", 443, 443);

    [Theory]
    [InlineData(10, 50)]
    [InlineData(60, 61, 50)]
    [InlineData(49, 50, 40)]
    [InlineData(48, 50, 40, 49)]
    [InlineData(1, 2)]
    [InlineData(null, 1)]
    [InlineData(null, 3, 1, 2)]
    public void A_new_rule_goes_before_the_one_that_denies_and_behind_the_others_where_there_is_room(
        int? number, int denied, params int[] others)
    {
        NetworkAcl acl = Acl([Entry(denied, true, "deny", 443, 443), .. others.Select(other => Entry(other, true, "allow", 22, 22))]);
        Assert.False(AclRules.Allows(acl, s_gap));

        int? free = AclRules.FreeNumber(acl, s_gap);

        Assert.Equal(number, free);
        if (free is { } chosen)
        {
            acl.Entries.Add(Entry(chosen, true, "allow", 443, 443));
            Assert.True(AclRules.Allows(acl, s_gap));
        }
    }

    [Fact]
    public void Where_nothing_denies_but_the_last_rule_the_new_one_comes_behind_all()
    {
        NetworkAcl acl = new() { Entries = [Entry(100, true, "allow", 22, 22), Entry(32767, true, "deny", null, null)] };

        Assert.False(AclRules.Allows(acl, s_gap));
        Assert.Equal(110, AclRules.FreeNumber(acl, s_gap));
    }

    [Theory]
    [InlineData("10.0.1.7/32", "deny", false)]
    [InlineData("10.0.1.7/32", "allow", true)]
    [InlineData("10.0.2.0/24", "deny", true)]
    [InlineData("10.0.0.0/16", "deny", false)]
    public void A_rule_for_some_of_the_peers_lets_not_all_of_them_through(string range, string action, bool allowed)
    {
        NetworkAclEntry entry = Entry(50, true, action, 443, 443);
        entry.CidrBlock = range;

        Assert.Equal(allowed, AclRules.Allows(Acl(entry), s_gap));
    }

    [Fact]
    public void What_is_denied_to_some_of_the_internet_need_not_concern_anybody()
    {
        NetworkAclEntry entry = Entry(50, true, "deny", 443, 443);
        entry.CidrBlock = "198.51.100.0/24";

        Assert.True(AclRules.Allows(Acl(entry), s_gap with { Peer = "0.0.0.0/0" }));
    }
}
