using System.Diagnostics;
using System.Text;

namespace SsmTools.Benchmarks;

/// <summary>A child process whose output is watched for a text, so that the time of its arrival can be taken.</summary>
internal sealed class Child : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _seen = new();
    private int _consumed;

    private Child(Process process)
    {
        _process = process;
    }

    public static Child Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return new Child(process);
    }

    /// <summary>Reads on until <paramref name="text"/> has come and everything up to it is used up.</summary>
    public Task WaitForAsync(string text) => ReadUntilAsync(text);

    /// <summary>Reads on until <paramref name="text"/> has come and returns what stood before it.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        using CancellationTokenSource patience = new(s_patience);
        byte[] buffer = new byte[16 * 1024];
        int at;
        while ((at = _seen.ToString().IndexOf(text, _consumed, StringComparison.Ordinal)) < 0)
        {
            int read = await _process.StandardOutput.BaseStream.ReadAsync(buffer, patience.Token);
            if (read == 0)
            {
                throw new InvalidOperationException($"The child ended before it wrote '{text}'. It wrote: {_seen}");
            }

            _seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        string before = _seen.ToString(_consumed, at - _consumed);
        _consumed = at + text.Length;
        return before;
    }

    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public async Task WaitForExitAsync()
    {
        using CancellationTokenSource patience = new(s_patience);
        await _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, patience.Token);
        await _process.WaitForExitAsync(patience.Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
