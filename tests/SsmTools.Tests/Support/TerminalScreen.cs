using System.Text;
using SsmTools.Sandbox.Pty;
using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>Somebody in front of a terminal, who types and reads.</summary>
internal sealed class TerminalScreen(PseudoTerminalOptions program) : IAsyncDisposable
{
    private readonly StringBuilder _shown = new();

    public IPseudoTerminal Terminal { get; } = PseudoTerminal.Start(program);

    public string Shown => _shown.ToString();

    public ValueTask TypeAsync(string text) => Terminal.WriteAsync(Encoding.UTF8.GetBytes(text), TestTimeout.Token);

    /// <summary>Reads until a text was shown.</summary>
    public async Task WaitForAsync(string text)
    {
        while (!Shown.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(await ReadAsync($"\"{text}\" was not shown"), $"The program ended after: {_shown}");
        }
    }

    /// <summary>Reads until the program has ended.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForEndAsync()
    {
        while (await ReadAsync("The program did not end"))
        {
        }

        return await Terminal.Exited.WaitAsync(TestTimeout.Token);
    }

    public ValueTask DisposeAsync() => Terminal.DisposeAsync();

    private async Task<bool> ReadAsync(string fault)
    {
        byte[] buffer = new byte[4096];
        try
        {
            int count = await Terminal.ReadAsync(buffer, TestTimeout.Token);
            _shown.Append(Encoding.UTF8.GetString(buffer, 0, count));
            return count > 0;
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{fault}, but: {_shown}", e);
        }
    }
}
