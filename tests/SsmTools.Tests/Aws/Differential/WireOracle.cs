using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Aws.Differential;

/// <summary>The Python program beside this file, started when first asked; one question at a time.</summary>
public sealed class WireOracle : IAsyncLifetime
{
    private readonly StringBuilder _complaints = new();
    private Process? _process;

    /// <summary>The folder with the models, operations and the program, as they were copied beside the tests.</summary>
    internal static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Differential");

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Sends a question and gives the answer.</summary>
    internal async Task<JsonNode> AskAsync(JsonObject question)
    {
        _process ??= Start();
        try
        {
            await _process.StandardInput.WriteAsync((question.ToJsonString() + "\n").AsMemory(), TestTimeout.Token);
            await _process.StandardInput.FlushAsync(TestTimeout.Token);
            string? line = await _process.StandardOutput.ReadLineAsync(TestTimeout.Token);
            return JsonNode.Parse(line ?? throw new InvalidOperationException($"It ended: {Complaints()}"))!;
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"It ended: {Complaints()}", e);
        }
    }

    public async Task DisposeAsync()
    {
        if (_process is null)
        {
            return;
        }

        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync(TestTimeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private string Complaints()
    {
        lock (_complaints)
        {
            return _complaints.ToString();
        }
    }

    private Process Start()
    {
        ProcessStartInfo start = new(Botocore.Python!, [Path.Combine(Folder, "wire_oracle.py"), Path.Combine(Folder, "Models")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, e) =>
        {
            lock (_complaints)
            {
                _complaints.AppendLine(e.Data);
            }
        };
        process.BeginErrorReadLine();
        return process;
    }
}
