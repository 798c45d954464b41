using System.Buffers.Binary;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using SsmTools.Engine.Terminal;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Terminal;

/// <summary>On a real pseudo-terminal.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UnixTerminalTests : IDisposable
{
    private const int WindowChanged = 28;

    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(20));

    public void Dispose() => _timeout.Dispose();

    [UnixFact]
    public void Raw_mode_lasts_until_it_is_disposed_and_leaves_the_attributes_as_they_were_to_the_byte()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        byte[] before = pty.GetAttributes();

        IDisposable mode = terminal.EnterRawMode();
        byte[] raw = pty.GetAttributes();
        mode.Dispose();
        mode.Dispose();

        Assert.Equal(before, pty.GetAttributes());
        AssertRaw(before, isRaw: false);
        AssertRaw(raw, isRaw: true);
    }

    [UnixFact]
    public void Disposing_of_the_terminal_ends_its_raw_mode()
    {
        using PtyPair pty = new();
        byte[] before = pty.GetAttributes();
        using (UnixTerminal terminal = new(pty.Slave, pty.Slave))
        {
            terminal.EnterRawMode();
        }

        Assert.Equal(before, pty.GetAttributes());
    }

    [UnixFact]
    public async Task A_pipe_in_place_of_the_terminal_keeps_what_nobody_waits_for()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        int input = (int)writer.ClientSafePipeHandle.DangerousGetHandle();
        using (UnixTerminal first = new(input, input))
        {
            using CancellationTokenSource ended = new();
            Task<int> abandoned = first.ReadAsync(new byte[16], ended.Token).AsTask();
            await ended.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
            Assert.False(first.IsInteractive);
            Assert.Null(first.Size);
            first.EnterRawMode().Dispose();
        }

        writer.Write("next"u8);
        using UnixTerminal second = new(input, input);

        Assert.Equal("next"u8.ToArray(), await ReadAsync(second, 4));
    }

    [UnixFact]
    public async Task Keys_come_as_bytes_untouched()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        using IDisposable mode = terminal.EnterRawMode();
        byte[] keys = [0x03, 0x1a, 0x04, 0x0d, 0x0a, 0x1b, 0x5b, 0x41, 0xc3, 0xa9, 0x00, 0xff, 0x11, 0x13];
        pty.Type(keys);

        Assert.Equal(keys, await ReadAsync(terminal, keys.Length));
    }

    [UnixFact]
    public async Task A_cancelled_read_loses_no_byte_and_takes_none()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        using IDisposable mode = terminal.EnterRawMode();
        StringBuilder read = new();
        byte[] buffer = new byte[64];
        for (int i = 0; i < 300; i++)
        {
            using CancellationTokenSource cancel = new();
            ValueTask<int> pending = terminal.ReadAsync(buffer, cancel.Token);
            Task typing = Task.Run(() => pty.Type(Encoding.ASCII.GetBytes($"{i},")));
            await cancel.CancelAsync();
            try
            {
                read.Append(Encoding.ASCII.GetString(buffer, 0, await pending));
            }
            catch (OperationCanceledException e)
            {
                Assert.Equal(cancel.Token, e.CancellationToken);
            }

            await typing;
        }

        string expected = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},"));
        byte[] rest = await ReadAsync(terminal, expected.Length - read.Length);
        Assert.Equal(expected, read.ToString() + Encoding.ASCII.GetString(rest));
    }

    [UnixFact]
    public async Task What_is_typed_when_nobody_reads_stays_for_the_next_reader()
    {
        using PtyPair pty = new();
        using UnixTerminal first = new(pty.Slave, pty.Slave);
        using IDisposable mode = first.EnterRawMode();
        pty.Type("a"u8);
        await ReadAsync(first, 1);
        pty.Type("b"u8);

        using UnixTerminal second = new(pty.Slave, pty.Slave);
        Assert.Equal("b"u8.ToArray(), await ReadAsync(second, 1));
    }

    [UnixFact]
    public async Task A_wait_without_keys_can_be_cancelled_or_ended_by_disposing()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        using CancellationTokenSource cancel = new();
        Task<int> waiting = terminal.ReadAsync(new byte[1], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(_timeout.Token));

        waiting = terminal.ReadAsync(new byte[1], _timeout.Token).AsTask();
        terminal.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(_timeout.Token));
    }

    [UnixFact]
    public async Task A_terminal_that_is_hung_up_is_at_the_end_of_its_input()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        Task<int> waiting = terminal.ReadAsync(new byte[1], _timeout.Token).AsTask();
        pty.CloseMaster();

        Assert.Equal(0, await waiting);
    }

    [UnixFact]
    public async Task Output_is_shown_untouched_in_raw_mode()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        using IDisposable mode = terminal.EnterRawMode();
        byte[] shown = [0x0a, 0xff, 0x00, 0xe2, 0x82, 0xac, 0x1b, 0x63];
        await terminal.WriteAsync(shown, _timeout.Token);

        Assert.Equal(shown, pty.ReadShown());
    }

    [UnixFact]
    public async Task A_terminal_that_takes_no_more_output_holds_up_nobody_who_cancels()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        using IDisposable mode = terminal.EnterRawMode();
        using CancellationTokenSource cancel = new();
        Task write = terminal.WriteAsync(new byte[1024 * 1024], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.WaitAsync(_timeout.Token));
        mode.Dispose();
        AssertRaw(pty.GetAttributes(), isRaw: false);

        // The write that stayed behind fails, and the next one after it.
        pty.CloseMaster();
        await Assert.ThrowsAsync<IOException>(async () => await terminal.WriteAsync(new byte[1], _timeout.Token));
    }

    [UnixFact]
    public async Task A_pasted_megabyte_comes_byte_for_byte()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        using IDisposable mode = terminal.EnterRawMode();
        byte[] paste = new byte[1024 * 1024];
        new Random(3).NextBytes(paste);
        Task typing = Task.Run(() => pty.Type(paste));

        Assert.Equal(paste, await ReadAsync(terminal, paste.Length));
        await typing;
    }

    [UnixFact]
    public async Task What_was_switched_on_by_output_is_switched_off_with_raw_mode_and_nothing_else()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        IDisposable mode = terminal.EnterRawMode();
        await terminal.WriteAsync("$ ls\r\n"u8.ToArray(), _timeout.Token);
        mode.Dispose();
        mode = terminal.EnterRawMode();
        await terminal.WriteAsync("\x1b[?1049h\x1b[?1003h\x1b[?25"u8.ToArray(), _timeout.Token);
        await terminal.WriteAsync("l\x1b[31m"u8.ToArray(), _timeout.Token);
        mode.Dispose();
        mode.Dispose();
        await terminal.WriteAsync("end"u8.ToArray(), _timeout.Token);

        string shown = "";
        while (!shown.EndsWith("end", StringComparison.Ordinal))
        {
            shown += Encoding.ASCII.GetString(pty.ReadShown());
        }

        Assert.Equal(
            "$ ls\r\n" + "\x1b[?1049h\x1b[?1003h\x1b[?25l\x1b[31m" + "\x1b[?1049l\x1b[?1003l\x1b[?25h\x1b[m" + "end", shown);
    }

    [UnixFact]
    public async Task A_stop_gives_the_terminal_back_and_continuing_takes_it_again()
    {
        using PtyPair pty = new();
        byte[] before = pty.GetAttributes();
        using UnixRawMode mode = new(pty.Slave, pty.Slave);
        byte[] raw = pty.GetAttributes();
        mode.Follow("\x1b[?1049h\x1b[31m\x1b[?1h"u8);

        mode.Suspend();
        mode.Suspend();
        mode.Assert();
        Assert.Equal(before, pty.GetAttributes());
        Assert.Equal("\x1b[?1049l\x1b[?1l\x1b[m", await ReadShownAsync(pty));

        mode.Resume();
        mode.Resume();
        Assert.Equal(raw, pty.GetAttributes());
        Assert.Equal("\x1b[?1049h\x1b[?1h", await ReadShownAsync(pty));

        mode.Suspend();
        Assert.Equal("\x1b[?1049l\x1b[?1l\x1b[m", await ReadShownAsync(pty));
        mode.Dispose();
        mode.Resume();
        Assert.Equal(before, pty.GetAttributes());
    }

    [UnixFact]
    public void The_size_is_that_of_the_window_and_80_by_24_where_it_has_none()
    {
        using PtyPair pty = new(132, 43);
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        Assert.Equal(new TerminalSize(132, 43), terminal.Size);

        pty.Resize(200, 50);
        Assert.Equal(new TerminalSize(200, 50), terminal.Size);

        pty.Resize(0, 0);
        Assert.Equal(new TerminalSize(80, 24), terminal.Size);
    }

    [UnixFact]
    public async Task The_signal_of_a_changed_window_raises_the_event()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        terminal.SizeChanged += () => changed.TrySetResult();
        PtyPair.Raise(WindowChanged);

        await changed.Task.WaitAsync(_timeout.Token);
    }

    [UnixFact]
    public async Task Being_continued_after_a_stop_puts_raw_mode_back_that_the_shell_has_taken()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        byte[] before = pty.GetAttributes();
        using IDisposable mode = terminal.EnterRawMode();
        byte[] raw = pty.GetAttributes();
        TaskCompletionSource continued = new(TaskCreationOptions.RunContinuationsAsynchronously);
        terminal.SizeChanged += () => continued.TrySetResult();

        pty.SetAttributes(before);
        PtyPair.Raise(OperatingSystem.IsMacOS() ? 19 : 18);
        await continued.Task.WaitAsync(_timeout.Token);

        Assert.Equal(raw, pty.GetAttributes());
        mode.Dispose();
        Assert.Equal(before, pty.GetAttributes());
    }

    [UnixFact]
    public async Task Every_wait_for_keys_makes_sure_of_raw_mode()
    {
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        byte[] before = pty.GetAttributes();
        using IDisposable mode = terminal.EnterRawMode();
        byte[] raw = pty.GetAttributes();
        pty.SetAttributes(before);

        Task<byte[]> waiting = ReadAsync(terminal, 1);
        pty.Type("\n"u8);
        await waiting;
        Assert.Equal(raw, pty.GetAttributes());
    }

    private async Task<byte[]> ReadAsync(UnixTerminal terminal, int length)
    {
        byte[] buffer = new byte[length];
        int offset = 0;
        while (offset < length)
        {
            int count = await terminal.ReadAsync(buffer.AsMemory(offset), _timeout.Token);
            Assert.NotEqual(0, count);
            offset += count;
        }

        return buffer;
    }

    private async Task<string> ReadShownAsync(PtyPair pty) =>
        Encoding.ASCII.GetString(await Task.Run(pty.ReadShown).WaitAsync(_timeout.Token));

    /// <summary>ICANON, ECHO and ISIG, whose place and value differ between systems.</summary>
    private static void AssertRaw(byte[] termios, bool isRaw)
    {
        ulong local = OperatingSystem.IsMacOS()
            ? BinaryPrimitives.ReadUInt64LittleEndian(termios.AsSpan(24))
            : MemoryMarshal.Read<uint>(termios.AsSpan(12));
        ulong line = OperatingSystem.IsMacOS() ? 0x100u | 0x8 | 0x80 : 0x2u | 0x8 | 0x1;
        Assert.Equal(isRaw ? 0 : line, local & line);
    }
}
