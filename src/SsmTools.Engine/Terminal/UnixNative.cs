using System.Runtime.InteropServices;

namespace SsmTools.Engine.Terminal;

/// <summary>The C library's calls, the same on Linux (glibc and musl) and macOS but for what is told apart here.</summary>
internal static class UnixNative
{
    /// <summary>
    /// Room for a <c>struct termios</c>, which is never looked into: 60 bytes on Linux, 72 on macOS.
    /// </summary>
    public const int TermiosLength = 256;

    public const int ApplyNow = 0;
    public const short PollIn = 1;
    public const short PollOut = 4;
    public const int Interrupted = 4;
    public const int InputOutputError = 5;

    /// <summary>Room for a <c>struct sigaction</c>, which is never looked into; all zero it is the default action.</summary>
    private const int ActionLength = 256;

    private const string Library = "libc";

    /// <summary>EAGAIN.</summary>
    public static int WouldBlock => OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>SIGTSTP.</summary>
    private static int StopSignal => OperatingSystem.IsMacOS() ? 18 : 20;

    [DllImport(Library, EntryPoint = "isatty")]
    public static extern int IsTerminal(int fd);

    [DllImport(Library, EntryPoint = "tcgetattr", SetLastError = true)]
    public static extern int GetAttributes(int fd, [Out] byte[] termios);

    [DllImport(Library, EntryPoint = "tcsetattr", SetLastError = true)]
    public static extern int SetAttributes(int fd, int when, byte[] termios);

    [DllImport(Library, EntryPoint = "cfmakeraw")]
    public static extern void MakeRaw([In, Out] byte[] termios);

    [DllImport(Library, EntryPoint = "read", SetLastError = true)]
    public static extern nint Read(int fd, ref byte buffer, nint count);

    [DllImport(Library, EntryPoint = "write", SetLastError = true)]
    public static extern nint Write(int fd, ref byte buffer, nint count);

    [DllImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static extern int Poll([In, Out] PollRequest[] requests, nuint count, int milliseconds);

    /// <summary>
    /// Stops this process as its terminal's stop key does by default, until it is continued. The system ignores that
    /// where no shell is there to continue it.
    /// </summary>
    public static void Stop()
    {
        byte[] handler = new byte[ActionLength];
        if (SetAction(StopSignal, new byte[ActionLength], handler) == 0)
        {
            _ = Raise(StopSignal); // to this very thread: it has happened when this returns
            _ = SetAction(StopSignal, handler, null);
        }
    }

    [DllImport(Library, EntryPoint = "sigaction")]
    private static extern int SetAction(int signal, byte[] action, [Out] byte[]? before);

    [DllImport(Library, EntryPoint = "raise")]
    private static extern int Raise(int signal);

    /// <summary>The window's size; false when the descriptor is no terminal.</summary>
    public static bool TryGetSize(int fd, out TerminalSize size)
    {
        WindowSize window = default;
        int result = !OperatingSystem.IsMacOS() ? Ioctl(fd, 0x5413, ref window)
            : RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? IoctlOnStack(fd, 0x40087468, 0, 0, 0, 0, 0, 0, ref window)
                : Ioctl(fd, 0x40087468, ref window);
        size = new TerminalSize(window.Columns, window.Rows);
        return result == 0;
    }

    [DllImport(Library, EntryPoint = "ioctl")]
    private static extern int Ioctl(int fd, nuint request, ref WindowSize window);

    /// <summary>
    /// On Apple silicon the variable arguments of a function lie on the stack: six more fill the registers, so that the
    /// last one does.
    /// </summary>
    [DllImport(Library, EntryPoint = "ioctl")]
    private static extern int IoctlOnStack(
        int fd, nuint request, nint r2, nint r3, nint r4, nint r5, nint r6, nint r7, ref WindowSize window);

    /// <summary><c>struct pollfd</c>.</summary>
    public struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Results;
    }

    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelsAcross;
        public ushort PixelsDown;
    }
}
