using System.Runtime.Versioning;

namespace SsmTools.Engine.Terminal;

/// <summary>
/// Raw mode of a Windows console: keys as records, output with VT sequences. Both modes are put back exactly as they
/// were, on dispose or at the end of the process, and before them what was shown meanwhile and has left its marks.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsRawMode : IDisposable
{
    private const uint ProcessedInput = 0x1;
    private const uint LineInput = 0x2;
    private const uint EchoInput = 0x4;
    private const uint WindowInput = 0x8;
    private const uint MouseInput = 0x10;
    private const uint VirtualTerminalInput = 0x200;
    private const uint ProcessedOutput = 0x1;
    private const uint VirtualTerminalOutput = 0x4;
    private const uint NoAutomaticReturn = 0x8;

    /// <summary>How long a console in which something is being selected may hold up the end.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    private readonly (nint Handle, uint Mode)[] _before;
    private readonly nint _output;
    private int _isOver;

    public WindowsRawMode(nint input, nint output)
    {
        _output = output;
        _before = [(input, GetMode(input)), (output, GetMode(output))];
        uint raw = (_before[0].Mode & ~(ProcessedInput | LineInput | EchoInput | MouseInput)) | WindowInput;

        // Older consoles know neither of the VT modes: then keys are translated here, and output is shown as it is.
        _ = WindowsNative.SetConsoleMode(input, raw | VirtualTerminalInput) || WindowsNative.SetConsoleMode(input, raw);
        uint shown = _before[1].Mode | ProcessedOutput | VirtualTerminalOutput;
        _ = WindowsNative.SetConsoleMode(output, shown | NoAutomaticReturn) || WindowsNative.SetConsoleMode(output, shown);
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>What programs behind have switched on.</summary>
    public RemoteModes Modes { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Restore();
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
    }

    private static uint GetMode(nint handle) => WindowsNative.GetConsoleMode(handle, out uint mode)
        ? mode
        : throw new IOException("The console's mode could not be read.");

    private void OnProcessExit(object? sender, EventArgs e) => Restore();

    private void Restore()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            char[] undo = Modes.Undo().ToCharArray();
            if (undo.Length > 0)
            {
                Task.Run(() => WindowsNative.WriteConsoleW(_output, undo, (uint)undo.Length, out _, 0)).Wait(s_patience);
            }

            foreach ((nint handle, uint mode) in _before)
            {
                WindowsNative.SetConsoleMode(handle, mode);
            }
        }
    }
}
