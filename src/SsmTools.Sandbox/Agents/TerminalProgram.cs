using SsmTools.Engine.Protocol;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Pty;

namespace SsmTools.Sandbox.Agents;

/// <summary>A shell or command on a pseudo-terminal.</summary>
internal sealed class TerminalProgram(IPseudoTerminal terminal) : ISessionProgram
{
    public Task<int> Exited => terminal.Exited;

    public async ValueTask<ProgramOutput> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        new(PayloadType.Output, await terminal.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        terminal.WriteAsync(data, cancellationToken);

    public void Resize(TerminalSize size) => terminal.Resize(size);

    public ValueTask DisposeAsync() => terminal.DisposeAsync();
}
