using System.Diagnostics;

namespace SsmTools.Benchmarks;

/// <summary>This program once more, with a part of its own: it answers lines with lines, and ends when its input does.</summary>
internal sealed class OwnProcess : IDisposable
{
    private readonly Process _process;

    private OwnProcess(Process process)
    {
        _process = process;
    }

    /// <summary>What it has used of the processor so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static OwnProcess Start(string part)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        }

        start.ArgumentList.Add(part);
        return new OwnProcess(Process.Start(start)!);
    }

    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public async Task<string> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException("A part of the benchmark ended at once; what it wrote stands above.");

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
