using SsmTools.Sandbox.Http;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Http;

public sealed class ReadBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_000)]
    public async Task What_was_announced_is_taken_whole(int length)
    {
        byte[] sent = new byte[length + 10];
        new Random(length).NextBytes(sent);
        using MemoryStream stream = new(sent);
        ReadBuffer buffer = new(stream);
        await buffer.FillAsync(TestTimeout.Token);

        Assert.Equal(sent[..length], await buffer.TakeAsync(length, TestTimeout.Token));
        while (await buffer.FillAsync(TestTimeout.Token))
        {
        }

        Assert.Equal(sent[length..], buffer.Bytes.ToArray());
    }

    [Fact]
    public async Task An_announcement_alone_costs_no_memory()
    {
        MeteredStream stream = new();
        ReadBuffer buffer = new(stream);

        await Assert.ThrowsAsync<EndOfStreamException>(() => buffer.TakeAsync(4 * 1024 * 1024, TestTimeout.Token).AsTask());

        Assert.InRange(stream.Longest, 1, 64 * 1024);
    }

    /// <summary>Ends at once, and tells how much room it was offered.</summary>
    private sealed class MeteredStream : MemoryStream
    {
        public int Longest { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Longest = Math.Max(Longest, buffer.Length);
            return ValueTask.FromResult(0);
        }
    }
}
