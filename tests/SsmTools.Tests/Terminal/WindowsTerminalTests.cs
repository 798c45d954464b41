using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using SsmTools.Engine.Terminal;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Terminal;

/// <summary>On a real console, whose keys are put into its queue.</summary>
[Trait("Category", "Windows")]
[SupportedOSPlatform("windows")]
public sealed class WindowsTerminalTests : IDisposable
{
    private const uint ProcessedInput = 0x1;
    private const uint LineInput = 0x2;
    private const uint EchoInput = 0x4;
    private const uint WindowInput = 0x8;
    private const uint ProcessedOutput = 0x1;
    private const uint VirtualTerminalOutput = 0x4;

    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    public void Dispose() => _timeout.Dispose();

    [WindowsConsoleFact]
    public void Raw_mode_leaves_modes_and_code_pages_exactly_as_they_were()
    {
        using WindowsConsole console = new();
        (uint Input, uint Output, uint, uint) found = console.Settings;
        foreach (uint input in new[] { found.Input, found.Input ^ EchoInput, (found.Input | ProcessedInput | LineInput | EchoInput) & ~WindowInput })
        {
            console.SetModes(input, found.Output);
            (uint, uint, uint, uint) before = console.Settings;
            using (WindowsTerminal terminal = new(console.Input, console.Output))
            {
                IDisposable mode = terminal.EnterRawMode();
                (uint Input, uint Output, uint, uint) raw = console.Settings;
                Assert.Equal(WindowInput, raw.Input & (ProcessedInput | LineInput | EchoInput | WindowInput));
                Assert.Equal(ProcessedOutput | VirtualTerminalOutput, raw.Output & (ProcessedOutput | VirtualTerminalOutput));

                mode.Dispose();
                mode.Dispose();
                Assert.Equal(before, console.Settings);
                terminal.EnterRawMode();
            }

            Assert.Equal(before, console.Settings);
        }

        console.SetModes(found.Input, found.Output);
    }

    [WindowsConsoleFact]
    public async Task Keys_come_as_the_layout_has_them_and_control_c_is_one_of_them()
    {
        using WindowsConsole console = new();
        using WindowsTerminal terminal = new(console.Input, console.Output);
        using IDisposable mode = terminal.EnterRawMode();
        console.Flush();
        console.Type(
        [
            .. Records.Press('Q', '@', KeyStates.RightAlt | KeyStates.LeftCtrl),
            .. Records.Text("é€😀\r"),
            .. Records.Press('C', '\x03', KeyStates.LeftCtrl),
            .. Records.Press('Z', '\x1a', KeyStates.LeftCtrl),
            .. Records.Press(0x26, '\0', KeyStates.Enhanced),
            .. Records.Press(0x2e, '\0', KeyStates.Enhanced | KeyStates.LeftCtrl),
            .. Records.Text("."),
        ]);

        byte[] expected = "@é€😀\r\x03\x1a\x1b[A\x1b[3;5~."u8.ToArray();
        Assert.Equal(expected, await ReadAsync(terminal, expected.Length));
    }

    [WindowsConsoleFact]
    public async Task A_long_paste_comes_whole()
    {
        using WindowsConsole console = new();
        using WindowsTerminal terminal = new(console.Input, console.Output);
        using IDisposable mode = terminal.EnterRawMode();
        console.Flush();
        string paste = Records.Paste(256 * 1024, seed: 9);
        byte[] expected = Encoding.UTF8.GetBytes(paste);
        Task typing = Task.Run(() => console.Type(Records.Text(paste)));

        Assert.Equal(expected, await ReadAsync(terminal, expected.Length));
        await typing;
    }

    [WindowsConsoleFact]
    public async Task A_cancelled_read_takes_no_key()
    {
        using WindowsConsole console = new();
        using WindowsTerminal terminal = new(console.Input, console.Output);
        using IDisposable mode = terminal.EnterRawMode();
        console.Flush();
        using CancellationTokenSource cancel = new();
        Task<int> read = terminal.ReadAsync(new byte[8], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(_timeout.Token));
        console.Type(Records.Text("next"));

        Assert.Equal("next"u8.ToArray(), await ReadAsync(terminal, 4));
    }

    [WindowsConsoleFact("Wine hands VT output on, and does not know what it did.")]
    public async Task What_was_switched_on_by_output_is_switched_off_with_raw_mode()
    {
        using WindowsConsole console = new();
        using WindowsTerminal terminal = new(console.Input, console.Output);
        using IDisposable mode = terminal.EnterRawMode();
        await terminal.WriteAsync("\x1b[?25l\x1b[?1h"u8.ToArray(), _timeout.Token);
        Assert.False(console.IsCursorVisible);

        mode.Dispose();
        Assert.True(console.IsCursorVisible);
    }

    [WindowsConsoleFact]
    public void The_size_is_that_of_the_window()
    {
        using WindowsConsole console = new();
        using WindowsTerminal terminal = new(console.Input, console.Output);

        Assert.InRange(terminal.Size!.Value.Columns, 1, 2000);
        Assert.InRange(terminal.Size!.Value.Rows, 1, 2000);
    }

    [Fact]
    public void Structures_are_laid_out_as_windows_has_them()
    {
        Assert.Equal(20, Marshal.SizeOf<WindowsNative.InputRecord>());
        Assert.Equal(
            (0, 4, 8, 10, 14, 16),
            (Offset("EventType"), Offset("KeyDown"), Offset("RepeatCount"), Offset("VirtualKey"), Offset("Character"), Offset("State")));
        Assert.Equal(22, Marshal.SizeOf<WindowsNative.ScreenBuffer>());
        Assert.Equal(10, (int)Marshal.OffsetOf<WindowsNative.ScreenBuffer>("WindowLeft"));
    }

    private static int Offset(string field) => (int)Marshal.OffsetOf<WindowsNative.InputRecord>(field);

    private async Task<byte[]> ReadAsync(WindowsTerminal terminal, int length)
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
}
