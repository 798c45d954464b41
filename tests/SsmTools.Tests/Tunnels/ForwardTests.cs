using SsmTools.Engine;
using SsmTools.Engine.Tunnels;
using Xunit;

namespace SsmTools.Tests.Tunnels;

public sealed class ForwardTests
{
    [Theory]
    [InlineData("5432", 0, null, 5432, null)]
    [InlineData(" 6379:16379 ", 6379, null, 16379, null)]
    [InlineData("0:80", 0, null, 80, null)]
    [InlineData("rds.internal:3306", 0, "rds.internal", 3306, null)]
    [InlineData("10.0.0.5:443", 0, "10.0.0.5", 443, null)]
    [InlineData("13306:rds.internal:3306", 13306, "rds.internal", 3306, null)]
    [InlineData("[fd00::1]:443", 0, "fd00::1", 443, null)]
    [InlineData("8443:[fd00::1]:443", 8443, "fd00::1", 443, null)]
    [InlineData("/var/run/docker.sock", 0, null, 0, "/var/run/docker.sock")]
    [InlineData("2375:/var/run/a:b.sock", 2375, null, 0, "/var/run/a:b.sock")]
    public void Reads_what_one_writes(string text, int local, string? host, int port, string? socket) => Assert.Equal(
        new Forward { LocalPort = local, RemoteHost = host, RemotePort = port, RemoteSocket = socket }, Forward.Parse(text));

    [Theory]
    [InlineData("", "a port is missing")]
    [InlineData("0", "0 is no port: they go from 1 to 65535")]
    [InlineData("65536", "65536 is no port: they go from 1 to 65535")]
    [InlineData("99999999999", "99999999999 is no port: they go from 1 to 65535")]
    [InlineData("-1", "'-1' is no port")]
    [InlineData("web", "'web' is no port")]
    [InlineData("web:", "a port is missing")]
    [InlineData(":80", "the host is missing")]
    [InlineData("80:", "a port is missing")]
    [InlineData("80:web", "'web' is no port")]
    [InlineData("a b:80", "'a b' is no host name")]
    [InlineData("x:web:80", "'x' is no port")]
    [InlineData("1:2:3:4", "it has too many parts; an IPv6 address stands in brackets")]
    [InlineData("fd00::1:443", "it has too many parts; an IPv6 address stands in brackets")]
    [InlineData("[fd00::1]443", "its brackets do not hold an address with a port behind it")]
    [InlineData("[web]:443", "'web' is no IPv6 address")]
    [InlineData("sock/et", "'sock/et' is neither a port nor the whole path of a socket")]
    [InlineData("x:/socket", "'x' is no port")]
    public void Says_what_is_wrong_with_the_rest(string text, string reason)
    {
        EngineException failure = Assert.Throws<EngineException>(() => Forward.Parse(text));
        Assert.Equal(("InvalidForward", $"'{text}' says not what to forward: {reason}."), (failure.ErrorId, failure.Message));
    }

    [Theory]
    [InlineData("5432", "5432")]
    [InlineData("1:rds.internal:3306", "rds.internal:3306")]
    [InlineData("[fd00::1]:443", "[fd00::1]:443")]
    [InlineData("/run/x.sock", "/run/x.sock")]
    public void The_destination_is_written_as_it_was_read(string text, string destination) =>
        Assert.Equal(destination, Forward.Parse(text).ToString());
}
