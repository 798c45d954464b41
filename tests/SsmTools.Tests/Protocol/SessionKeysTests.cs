using System.Text;
using SsmTools.Engine.Protocol;
using Xunit;

namespace SsmTools.Tests.Protocol;

/// <summary>Known answers of the references, and what must not decrypt.</summary>
public sealed class SessionKeysTests
{
    private static readonly byte[] s_dataKey = [.. Enumerable.Range(0, SessionKeys.DataKeyLength).Select(i => (byte)i)];

    [Theory]
    [InlineData(ChannelRole.Agent, "010000000200000003000000", "0100000002000000030000006c16060245cab2e080753e54e285bc79a222fe0096")]
    [InlineData(ChannelRole.Client, "020000000200000003000000", "020000000200000003000000c0a5b7c5a14f310fbae2c6acbfb4e15b93b3c69d9f")]
    internal void The_golden_vectors_are_made_and_read(ChannelRole sender, string nonce, string expected)
    {
        using SessionKeys sending = new(sender, s_dataKey);
        using SessionKeys receiving = new(1 - sender, s_dataKey);

        Assert.Equal(
            expected,
            Convert.ToHexString(sending.Encrypt("hello"u8, Convert.FromHexString(nonce))).ToLowerInvariant());
        Assert.True(receiving.TryDecrypt(Convert.FromHexString(expected), out byte[]? plain));
        Assert.Equal("hello", Encoding.UTF8.GetString(plain));
        Assert.False(sending.TryDecrypt(Convert.FromHexString(expected), out _));
    }

    [Fact]
    public void An_agent_counts_its_nonces_and_a_client_draws_them()
    {
        using SessionKeys agent = new(ChannelRole.Agent, s_dataKey, new NonceCounter(1, 2, 3));
        Assert.StartsWith("010000000200000003000000", Convert.ToHexString(agent.Encrypt("a"u8)), StringComparison.Ordinal);
        Assert.StartsWith("020000000200000003000000", Convert.ToHexString(agent.Encrypt("a"u8)), StringComparison.Ordinal);

        using SessionKeys client = new(ChannelRole.Client, s_dataKey);
        Assert.Equal(
            100, Enumerable.Range(0, 100).Select(_ => Convert.ToHexString(client.Encrypt("a"u8)[..12])).Distinct().Count());
    }

    [Theory]
    [InlineData(1, 2, 3, "020000000200000003000000")]
    [InlineData(uint.MaxValue, 2, 3, "000000000300000003000000")]
    [InlineData(uint.MaxValue, uint.MaxValue, 3, "000000000000000004000000")]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue, "000000000000000000000000")]
    public void The_counter_carries_upward_and_wraps(uint low, uint middle, uint high, string second)
    {
        NonceCounter counter = new(low, middle, high);
        byte[] nonce = new byte[NonceCounter.Length];
        counter.Next(nonce);
        Assert.Equal((low, middle, high), (BitConverter.ToUInt32(nonce), BitConverter.ToUInt32(nonce, 4), BitConverter.ToUInt32(nonce, 8)));
        counter.Next(nonce);
        Assert.Equal(second, Convert.ToHexString(nonce));
    }

    [Fact]
    public void No_changed_bit_and_no_cut_end_decrypts()
    {
        using SessionKeys client = new(ChannelRole.Client, s_dataKey);
        using SessionKeys agent = new(ChannelRole.Agent, s_dataKey);
        byte[] whole = client.Encrypt("hello"u8);
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] changed = [.. whole];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(agent.TryDecrypt(changed, out _));
        }

        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(agent.TryDecrypt(whole.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Only_data_is_covered_not_sizes_flags_and_handshakes()
    {
        PayloadType[] all = Enum.GetValues<PayloadType>();
        Assert.Equal([PayloadType.Output], all.Where(type => SessionKeys.Cover(ChannelRole.Client, type)));
        Assert.Equal(
            [PayloadType.Output, PayloadType.StandardError, PayloadType.ExitCode],
            all.Where(type => SessionKeys.Cover(ChannelRole.Agent, type)));
    }
}
