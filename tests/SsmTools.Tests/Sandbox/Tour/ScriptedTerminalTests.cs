using System.Text;
using SsmTools.Sandbox.Tour;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Tour;

public sealed class ScriptedTerminalTests
{
    [Fact]
    public async Task What_is_typed_is_read_in_pieces_that_fit()
    {
        using ScriptedTerminal terminal = new();
        terminal.Type("abc");
        terminal.Type("d");
        byte[] buffer = new byte[2];
        StringBuilder read = new();
        for (int i = 0; i < 3; i++)
        {
            int count = await terminal.ReadAsync(buffer, TestTimeout.Token);
            read.Append(Encoding.UTF8.GetString(buffer, 0, count)).Append('|');
        }

        Assert.Equal("ab|c|d|", read.ToString());
    }

    [Fact]
    public async Task The_screen_puts_characters_together_that_come_in_two_halves()
    {
        using ScriptedTerminal terminal = new();
        byte[] euro = Encoding.UTF8.GetBytes("€");
        await terminal.WriteAsync(euro.AsMemory(0, 1), TestTimeout.Token);
        Task<bool> waiting = terminal.ExpectAsync(
            screen => screen.EndsWith('€'), TimeSpan.FromSeconds(10), TestTimeout.Token);
        await terminal.WriteAsync(euro.AsMemory(1), TestTimeout.Token);

        Assert.True(await waiting);
        Assert.Equal("€", terminal.Screen);
    }

    [Fact]
    public async Task What_does_not_come_is_not_waited_for_for_ever()
    {
        using ScriptedTerminal terminal = new();

        Assert.False(await terminal.ExpectAsync(_ => false, TimeSpan.FromMilliseconds(20), TestTimeout.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => terminal.ExpectAsync(_ => false, TimeSpan.FromSeconds(10), new CancellationToken(true)));
    }
}
