using SsmTools.Engine.Terminal;

namespace SsmTools.Sandbox.Agents;

/// <summary>What runs in a session. Disposing kills it.</summary>
internal interface ISessionProgram : IAsyncDisposable
{
    /// <summary>Completes with the exit code when it has ended.</summary>
    Task<int> Exited { get; }

    /// <summary>Once it has ended: why that is a failure of the session, in words for the client, or none; null where it is not.</summary>
    string? Failure => null;

    /// <summary>Reads what it wrote.</summary>
    ValueTask<ProgramOutput> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Takes what the client typed.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>The client's window has a new size.</summary>
    void Resize(TerminalSize size);
}
