using System.Runtime.InteropServices;
using System.Text;

namespace SsmTools.Tests.Support;

/// <summary>A pseudo-terminal without a process on it: the test holds the side that a terminal program would.</summary>
internal sealed class PtyPair : IDisposable
{
    private const int ReadWrite = 2;

    public PtyPair(ushort columns = 80, ushort rows = 24)
    {
        // Neither the controlling terminal of this process nor, by inheritance, of any child.
        int flags = ReadWrite | (OperatingSystem.IsMacOS() ? 0x20000 | 0x1000000 : 0x100 | 0x80000);
        Master = Check(OpenPty(flags));
        Check(Grant(Master));
        Check(Unlock(Master));
        string name = Marshal.PtrToStringUTF8(GetName(Master))!;
        Slave = Check(Open(Encoding.UTF8.GetBytes(name + '\0'), flags));
        Resize(columns, rows);
    }

    public int Master { get; private set; }

    public int Slave { get; }

    public void Resize(ushort columns, ushort rows)
    {
        ushort[] size = [rows, columns, 0, 0];
        nuint request = OperatingSystem.IsMacOS() ? 0x80087467u : 0x5414u;
        Check(Ioctl(Master, request, size));
    }

    /// <summary>All bytes of the slave's attributes.</summary>
    public byte[] GetAttributes()
    {
        byte[] termios = new byte[256];
        Check(GetAttributes(Slave, termios));
        return termios;
    }

    /// <summary>Does what a program does that changes the attributes behind our back.</summary>
    public void SetAttributes(byte[] termios) => Check(SetAttributes(Slave, 0, termios));

    public void Type(ReadOnlySpan<byte> keys)
    {
        // A signal, of which the end of any child is one, may cut a write short or keep it from writing at all.
        const int Interrupted = 4;
        byte[] bytes = keys.ToArray();
        while (bytes.Length > 0)
        {
            nint count = Write(Master, bytes, bytes.Length);
            Assert(count > 0 || Marshal.GetLastPInvokeError() == Interrupted);
            bytes = bytes[(int)Math.Max(0, count)..];
        }
    }

    /// <summary>Reads what was shown, at least one byte of it; a test waits for it only when it must be there.</summary>
    public byte[] ReadShown()
    {
        byte[] buffer = new byte[64 * 1024];
        nint count = Read(Master, buffer, buffer.Length);
        Assert(count > 0);
        return buffer[..(int)count];
    }

    /// <summary>Hangs the terminal up.</summary>
    public void CloseMaster()
    {
        if (Master >= 0)
        {
            Check(Close(Master)); // once only: the number may be somebody else's the next moment
            Master = -1;
        }
    }

    public void Dispose()
    {
        CloseMaster();
        Check(Close(Slave));
    }

    /// <summary>Sends this process a signal.</summary>
    public static void Raise(int signal) => Check(Kill(Environment.ProcessId, signal));

    private static int Check(int result)
    {
        Assert(result >= 0);
        return result;
    }

    private static void Assert(bool condition)
    {
        if (!condition)
        {
            throw new IOException($"A call of the C library failed: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static extern int OpenPty(int flags);

    [DllImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static extern int Grant(int fd);

    [DllImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static extern int Unlock(int fd);

    [DllImport("libc", EntryPoint = "ptsname")]
    private static extern nint GetName(int fd);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Ioctl(int fd, nuint request, ushort[] size);

    [DllImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static extern int GetAttributes(int fd, [Out] byte[] termios);

    [DllImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static extern int SetAttributes(int fd, int when, byte[] termios);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint Read(int fd, [Out] byte[] buffer, nint count);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(int fd, byte[] buffer, nint count);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int fd);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
