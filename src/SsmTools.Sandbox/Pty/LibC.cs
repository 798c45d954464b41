using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SsmTools.Sandbox.Pty;

/// <summary>The C library's calls for terminals and processes, and the numbers that differ between Linux and macOS.</summary>
internal static class LibC
{
    public const int Interrupted = 4;
    public const int InputOutputError = 5;
    public const int WaitNoHang = 1;
    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigQuit = 3;
    public const int SigKill = 9;
    public const short PollIn = 1;
    public const short PollOut = 4;

    private const string Library = "libc";

    public static int TryAgain => OperatingSystem.IsMacOS() ? 35 : 11;

    public static int SigCont => OperatingSystem.IsMacOS() ? 19 : 18;

    public static int OpenReadOnly => 0;

    public static int OpenReadWrite => 2;

    public static int OpenNoControllingTerminal => OperatingSystem.IsMacOS() ? 0x20000 : 0x100;

    public static int OpenNonBlocking => OperatingSystem.IsMacOS() ? 0x4 : 0x800;

    public static int OpenCloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    public static int SpawnSetSignalDefaults => 0x04;

    public static int SpawnSetSignalMask => 0x08;

    /// <summary>A session of its own: glibc since 2.26 and musl since 1.1.22; macOS since 10.15.</summary>
    public static int SpawnSetSession => OperatingSystem.IsMacOS() ? 0x0400 : 0x80;

    [DllImport(Library, EntryPoint = "posix_openpt", SetLastError = true)]
    public static extern SafeFileHandle OpenTerminal(int flags);

    [DllImport(Library, EntryPoint = "grantpt", SetLastError = true)]
    public static extern int GrantTerminal(SafeFileHandle master);

    [DllImport(Library, EntryPoint = "unlockpt", SetLastError = true)]
    public static extern int UnlockTerminal(SafeFileHandle master);

    [DllImport(Library, EntryPoint = "ptsname_r", SetLastError = true)]
    public static extern int TerminalName(SafeFileHandle master, byte[] name, nint length);

    [DllImport(Library, EntryPoint = "tcgetpgrp", SetLastError = true)]
    public static extern int ForegroundGroup(SafeFileHandle terminal);

    [DllImport(Library, EntryPoint = "read", SetLastError = true)]
    public static extern nint Read(SafeFileHandle file, byte[] buffer, nint length);

    [DllImport(Library, EntryPoint = "write", SetLastError = true)]
    public static extern nint Write(SafeFileHandle file, ref byte buffer, nint length);

    [DllImport(Library, EntryPoint = "pipe", SetLastError = true)]
    public static extern int Pipe(int[] ends);

    [DllImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static extern int Poll([In, Out] PollEntry[] entries, nuint count, int timeoutMilliseconds);

    [DllImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static extern int Kill(int process, int signal);

    [DllImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static extern int WaitForProcess(int process, out int status, int options);

    [DllImport(Library, EntryPoint = "posix_spawn", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    public static extern int Spawn(
        out int process,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        nint actions,
        nint attributes,
        nint[] arguments,
        nint[] environment);

    [DllImport(Library, EntryPoint = "posix_spawnattr_init")]
    public static extern int InitAttributes(nint attributes);

    [DllImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    public static extern int DestroyAttributes(nint attributes);

    [DllImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    public static extern int SetFlags(nint attributes, short flags);

    [DllImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static extern int SetSignalDefaults(nint attributes, byte[] signals);

    [DllImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    public static extern int SetSignalMask(nint attributes, byte[] signals);

    [DllImport(Library, EntryPoint = "sigfillset")]
    public static extern int FillSignals(byte[] signals);

    [DllImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    public static extern int InitActions(nint actions);

    [DllImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static extern int DestroyActions(nint actions);

    [DllImport(Library, EntryPoint = "posix_spawn_file_actions_addopen", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    public static extern int AddOpen(
        nint actions, int file, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mode);

    [DllImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static extern int AddDuplicate(nint actions, int file, int newFile);

    /// <summary>glibc since 2.29, musl since 1.1.24; elsewhere it throws EntryPointNotFoundException.</summary>
    [DllImport(Library, EntryPoint = "posix_spawn_file_actions_addchdir_np", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    public static extern int AddChangeDirectory(nint actions, [MarshalAs(UnmanagedType.LPUTF8Str)] string path);

    /// <summary>Sets the size of a terminal's window.</summary>
    public static int SetWindowSize(SafeFileHandle terminal, WindowSize size) => VariadicOnStack
        ? ControlOnStack(terminal, SetWindowSizeRequest, 0, 0, 0, 0, 0, 0, ref size)
        : Control(terminal, SetWindowSizeRequest, ref size);

    /// <summary>Marks a file as not to be inherited, and where wanted as one that never blocks.</summary>
    public static void SetCloseOnExec(int file, bool nonBlocking)
    {
        const int SetDescriptorFlags = 2;
        const int SetStatusFlags = 4;
        FileControl(file, SetDescriptorFlags, 1);
        if (nonBlocking)
        {
            FileControl(file, SetStatusFlags, OpenReadWrite | OpenNonBlocking);
        }
    }

    /// <summary>A pipe whose ends are not inherited: { read, write }, or null when the system refuses.</summary>
    public static int[]? TryPipe()
    {
        int[] ends = new int[2];
        if (OperatingSystem.IsMacOS() || OperatingSystem.IsMacCatalyst())
        {
            if (Pipe(ends) != 0)
            {
                return null;
            }

            SetCloseOnExec(ends[0], nonBlocking: false);
            SetCloseOnExec(ends[1], nonBlocking: false);
            return ends;
        }

        return PipeWithFlags(ends, OpenCloseOnExec) == 0 ? ends : null;
    }

    [DllImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    private static extern int PipeWithFlags(int[] ends, int flags);

    private static nuint SetWindowSizeRequest => OperatingSystem.IsMacOS() ? 0x80087467u : 0x5414u;

    /// <summary>
    /// Apple's ABI for arm64 passes variadic arguments on the stack, where a call declared without them would put them
    /// into registers: six fillers use the registers up.
    /// </summary>
    private static bool VariadicOnStack =>
        OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private static int FileControl(int file, int command, nint argument) => VariadicOnStack
        ? FileControlOnStack(file, command, 0, 0, 0, 0, 0, 0, argument)
        : FileControlInRegister(file, command, argument);

    [DllImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Control(SafeFileHandle file, nuint request, ref WindowSize argument);

    [DllImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static extern int ControlOnStack(
        SafeFileHandle file, nuint request, nint x2, nint x3, nint x4, nint x5, nint x6, nint x7, ref WindowSize argument);

    [DllImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static extern int FileControlInRegister(int file, int command, nint argument);

    [DllImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static extern int FileControlOnStack(
        int file, int command, nint x2, nint x3, nint x4, nint x5, nint x6, nint x7, nint argument);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int File;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    /// <summary>The user that a file or directory belongs to; null where it cannot be told. Linux only.</summary>
    public static uint? OwnerOf(string path)
    {
        const int CurrentDirectory = -100;
        const int NoFollow = 0x100;
        const uint User = 8;
        const int UserOffset = 20;
        byte[] facts = new byte[256];
        return Statx(CurrentDirectory, [.. Encoding.UTF8.GetBytes(path), 0], NoFollow, User, facts) == 0 ? BitConverter.ToUInt32(facts, UserOffset) : null;
    }

    [DllImport(Library, EntryPoint = "geteuid")]
    public static extern uint EffectiveUser();

    [DllImport(Library, EntryPoint = "statx")]
    private static extern int Statx(
        int directory, byte[] path, int flags, uint mask, [Out] byte[] facts);
}
