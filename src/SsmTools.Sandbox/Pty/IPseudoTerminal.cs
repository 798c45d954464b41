using SsmTools.Engine.Terminal;

namespace SsmTools.Sandbox.Pty;

/// <summary>
/// The master side of a terminal with a program on the other side. Disposing kills the program and everything that was
/// started in its session, and waits until it is gone.
/// </summary>
internal interface IPseudoTerminal : IAsyncDisposable
{
    /// <summary>The program's process id, which on Unix is also that of its session.</summary>
    int ProcessId { get; }

    /// <summary>Completes with the exit code when the program has ended; 128 + n when signal n ended it.</summary>
    Task<int> Exited { get; }

    /// <summary>Reads what the program wrote.</summary>
    /// <returns>How many bytes; 0 when nobody holds the terminal any more.</returns>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Types. What was typed behind the end of the program is dropped without a word, as terminals do.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Tells the program the new size of its window.</summary>
    void Resize(TerminalSize size);
}
