using System.IO.Pipes;
using SsmTools.Engine.Terminal;
using Xunit;

namespace SsmTools.Tests.Terminal;

[Trait("Category", "Windows")]
public sealed class StreamTerminalTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(20));

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task It_reads_to_the_end_and_writes_bytes_as_they_are()
    {
        using MemoryStream output = new();
        using ITerminal terminal = new StreamTerminal(new MemoryStream([1, 2, 3]), output, new TerminalSize(100, 30));
        byte[] buffer = new byte[2];

        Assert.False(terminal.IsInteractive);
        Assert.Equal(new TerminalSize(100, 30), terminal.Size);
        Assert.Equal(2, await terminal.ReadAsync(buffer, _timeout.Token));
        Assert.Equal(1, await terminal.ReadAsync(buffer, _timeout.Token));
        Assert.Equal(3, buffer[0]);
        Assert.Equal(0, await terminal.ReadAsync(buffer, _timeout.Token));
        terminal.EnterRawMode().Dispose();
        await terminal.WriteAsync(new byte[] { 0xff, 0x0a }, _timeout.Token);
        Assert.Equal([0xff, 0x0a], output.ToArray());
    }

    [Fact]
    public async Task A_read_that_was_cancelled_gives_its_bytes_to_the_next()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);
        using StreamTerminal terminal = new(reader, Stream.Null);
        using CancellationTokenSource cancel = new();
        byte[] buffer = new byte[8];
        Task<int> cancelled = terminal.ReadAsync(buffer, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        writer.Write("later"u8);
        Assert.Equal(5, await terminal.ReadAsync(buffer, _timeout.Token));
        Assert.Equal("later"u8.ToArray(), buffer[..5]);
    }

    [Fact]
    public async Task A_write_that_blocks_can_be_left()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);
        using StreamTerminal terminal = new(Stream.Null, writer);
        using CancellationTokenSource cancel = new();
        Task write = terminal.WriteAsync(new byte[4 * 1024 * 1024], cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.WaitAsync(_timeout.Token));
    }
}
