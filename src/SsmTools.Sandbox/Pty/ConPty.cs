using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SsmTools.Sandbox.Pty;

/// <summary>The Windows calls for pseudo-consoles, processes and jobs.</summary>
internal static class ConPty
{
    public const uint CreateSuspended = 0x4;
    public const uint UnicodeEnvironment = 0x400;
    public const uint ExtendedStartupInfo = 0x80000;
    public const int UseStandardHandles = 0x100;
    public const nint PseudoConsoleAttribute = 0x20016;
    public const int ExtendedLimitInformation = 9;
    public const uint KillOnJobClose = 0x2000;

    private const string Kernel = "kernel32.dll";

    [DllImport(Kernel, SetLastError = true)]
    public static extern bool CreatePipe(out SafeFileHandle reader, out SafeFileHandle writer, nint security, int size);

    [DllImport(Kernel)]
    public static extern int CreatePseudoConsole(
        Coordinates size, SafeFileHandle input, SafeFileHandle output, uint flags, out nint console);

    [DllImport(Kernel)]
    public static extern int ResizePseudoConsole(nint console, Coordinates size);

    [DllImport(Kernel)]
    public static extern void ClosePseudoConsole(nint console);

    [DllImport(Kernel, SetLastError = true)]
    public static extern bool InitializeProcThreadAttributeList(nint list, int count, int flags, ref nint size);

    [DllImport(Kernel, SetLastError = true)]
    public static extern bool UpdateProcThreadAttribute(
        nint list, uint flags, nint attribute, nint value, nint size, nint previous, nint returned);

    [DllImport(Kernel)]
    public static extern void DeleteProcThreadAttributeList(nint list);

    [DllImport(Kernel, EntryPoint = "CreateProcessW", CharSet = CharSet.Unicode, SetLastError = true)]
    public static extern bool CreateProcess(
        string? application,
        [In, Out] char[] commandLine,
        nint processSecurity,
        nint threadSecurity,
        bool inheritHandles,
        uint flags,
        string environment,
        string directory,
        ref StartupInfo startup,
        out ProcessInformation information);

    [DllImport(Kernel, EntryPoint = "CreateJobObjectW", SetLastError = true)]
    public static extern SafeFileHandle CreateJobObject(nint security, nint name);

    [DllImport(Kernel, SetLastError = true)]
    public static extern bool SetInformationJobObject(
        SafeFileHandle job, int kind, ref ExtendedLimits limits, int length);

    [DllImport(Kernel, SetLastError = true)]
    public static extern bool AssignProcessToJobObject(SafeFileHandle job, nint process);

    [DllImport(Kernel, SetLastError = true)]
    public static extern uint ResumeThread(nint thread);

    [DllImport(Kernel, SetLastError = true)]
    public static extern bool TerminateProcess(nint process, uint exitCode);

    [DllImport(Kernel)]
    public static extern bool CloseHandle(nint handle);

    [StructLayout(LayoutKind.Sequential)]
    public struct Coordinates
    {
        public short X;
        public short Y;
    }

    /// <summary>STARTUPINFOEXW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct StartupInfo
    {
        public int Size;
        public nint Reserved;
        public nint Desktop;
        public nint Title;
        public int X;
        public int Y;
        public int Width;
        public int Height;
        public int Columns;
        public int Rows;
        public int Fill;
        public int Flags;
        public short ShowWindow;
        public short Reserved2Length;
        public nint Reserved2;
        public nint Input;
        public nint Output;
        public nint Error;
        public nint Attributes;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct ProcessInformation
    {
        public nint Process;
        public nint Thread;
        public int ProcessId;
        public int ThreadId;
    }

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ExtendedLimits
    {
        public long ProcessTime;
        public long JobTime;
        public uint Flags;
        public nuint MinimumWorkingSet;
        public nuint MaximumWorkingSet;
        public uint ActiveProcesses;
        public nuint Affinity;
        public uint PriorityClass;
        public uint SchedulingClass;
        public ulong ReadOperations;
        public ulong WriteOperations;
        public ulong OtherOperations;
        public ulong ReadBytes;
        public ulong WriteBytes;
        public ulong OtherBytes;
        public nuint ProcessMemory;
        public nuint JobMemory;
        public nuint PeakProcessMemory;
        public nuint PeakJobMemory;
    }
}
