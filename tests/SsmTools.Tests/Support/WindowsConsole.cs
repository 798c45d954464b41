using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SsmTools.Engine.Terminal;

namespace SsmTools.Tests.Support;

/// <summary>
/// The console of this process by its devices, so that redirected standard handles do no harm; one is made where there
/// is none. The test puts into its queue what somebody would type.
/// </summary>
internal sealed class WindowsConsole : IDisposable
{
    private const uint ReadWrite = 0xc0000000;
    private const uint Shared = 3;
    private const uint OpenExisting = 3;

    private readonly SafeFileHandle _input = Open("CONIN$");
    private readonly SafeFileHandle _output = Open("CONOUT$");

    /// <summary>Why there is none; null where there is one.</summary>
    public static string? Missing { get; } = Find();

    /// <summary>Whether this is Wine, which leaves some things out.</summary>
    public static bool IsWine { get; } = OperatingSystem.IsWindows()
        && NativeLibrary.TryLoad("ntdll.dll", out nint library)
        && NativeLibrary.TryGetExport(library, "wine_get_version", out _);

    public nint Input => _input.DangerousGetHandle();

    public nint Output => _output.DangerousGetHandle();

    /// <summary>Modes and code pages.</summary>
    public (uint Input, uint Output, uint InputPage, uint OutputPage) Settings
    {
        get
        {
            Check(WindowsNative.GetConsoleMode(Input, out uint input) & WindowsNative.GetConsoleMode(Output, out uint output));
            return (input, output, GetConsoleCP(), GetConsoleOutputCP());
        }
    }

    public bool IsCursorVisible
    {
        get
        {
            Check(GetConsoleCursorInfo(Output, out CursorInfo info));
            return info.IsVisible != 0;
        }
    }

    public void SetModes(uint input, uint output) =>
        Check(WindowsNative.SetConsoleMode(Input, input) & WindowsNative.SetConsoleMode(Output, output));

    /// <summary>Puts records into the queue, all of them.</summary>
    public void Type(WindowsNative.InputRecord[] records)
    {
        for (int at = 0; at < records.Length; at += 2000)
        {
            WindowsNative.InputRecord[] piece = records[at..Math.Min(at + 2000, records.Length)];
            Check(WriteConsoleInputW(Input, piece, (uint)piece.Length, out uint written) && written == piece.Length);
        }
    }

    /// <summary>Takes out what is left.</summary>
    public void Flush() => Check(FlushConsoleInputBuffer(Input));

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
    }

    private static string? Find()
    {
        if (!OperatingSystem.IsWindows())
        {
            return "This is about Windows.";
        }

        bool isThere = IsThere() || (AllocConsole() && IsThere());
        return isThere ? null : "There is no console here, and none can be made.";
    }

    private static bool IsThere()
    {
        using SafeFileHandle input = Open("CONIN$");
        using SafeFileHandle output = Open("CONOUT$");
        return !input.IsInvalid && WindowsNative.GetConsoleMode(output.DangerousGetHandle(), out _);
    }

    private static SafeFileHandle Open(string name) => CreateFileW(name, ReadWrite, Shared, 0, OpenExisting, 0, 0);

    private static void Check(bool success)
    {
        if (!success)
        {
            throw new IOException($"A call of the console failed: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("kernel32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern SafeFileHandle CreateFileW(
        string name, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [DllImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool AllocConsole();

    [DllImport("kernel32.dll")]
    private static extern uint GetConsoleCP();

    [DllImport("kernel32.dll")]
    private static extern uint GetConsoleOutputCP();

    [DllImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool FlushConsoleInputBuffer(nint handle);

    [DllImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetConsoleCursorInfo(nint handle, out CursorInfo info);

    [DllImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool WriteConsoleInputW(
        nint handle, [In] WindowsNative.InputRecord[] records, uint length, out uint written);

    private struct CursorInfo
    {
        public uint Size;
        public int IsVisible;
    }
}
