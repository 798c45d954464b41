using System.Runtime.InteropServices;

namespace SsmTools.Engine.Terminal;

/// <summary>The console calls of Windows.</summary>
internal static class WindowsNative
{
    public const int StandardInput = -10;
    public const int StandardOutput = -11;
    public const ushort KeyEvent = 1;
    public const ushort WindowEvent = 4;
    public const uint WaitTimeout = 258;

    private const string Library = "kernel32.dll";

    [DllImport(Library, SetLastError = true)]
    public static extern nint GetStdHandle(int which);

    [DllImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool GetConsoleMode(nint handle, out uint mode);

    [DllImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool SetConsoleMode(nint handle, uint mode);

    [DllImport(Library, SetLastError = true, CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool ReadConsoleInputW(nint handle, [Out] InputRecord[] records, uint length, out uint read);

    [DllImport(Library, SetLastError = true, CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool WriteConsoleW(nint handle, [In] char[] text, uint length, out uint written, nint reserved);

    [DllImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool GetConsoleScreenBufferInfo(nint handle, out ScreenBuffer info);

    [DllImport(Library, SetLastError = true)]
    public static extern uint WaitForMultipleObjects(
        uint count, [In] nint[] handles, [MarshalAs(UnmanagedType.Bool)] bool all, uint milliseconds);

    /// <summary>
    /// INPUT_RECORD. Of its union only the key event is read; the event of a window is told by its type alone.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 20, CharSet = CharSet.Unicode)]
    public struct InputRecord
    {
        [FieldOffset(0)]
        public ushort EventType;

        [FieldOffset(4)]
        public int KeyDown;

        [FieldOffset(8)]
        public ushort RepeatCount;

        [FieldOffset(10)]
        public ushort VirtualKey;

        [FieldOffset(14)]
        public ushort Character;

        [FieldOffset(16)]
        public uint State;
    }

    /// <summary>CONSOLE_SCREEN_BUFFER_INFO.</summary>
    public struct ScreenBuffer
    {
        public short BufferWidth;
        public short BufferHeight;
        public short CursorX;
        public short CursorY;
        public ushort Attributes;
        public short WindowLeft;
        public short WindowTop;
        public short WindowRight;
        public short WindowBottom;
        public short MaximumWidth;
        public short MaximumHeight;
    }
}
