namespace SsmTools.Sandbox.Pty;

/// <summary>
/// A program without a terminal and without input, whose output is read from pipes. Disposing kills it, and waits until
/// it is gone.
/// </summary>
internal interface IPipedProcess : IAsyncDisposable
{
    /// <summary>Completes with the exit code when the program has ended; 128 + n when signal n ended it.</summary>
    Task<int> Exited { get; }

    /// <summary>Reads what it wrote, to standard error as well where the two were not to come apart; 0 at the end.</summary>
    ValueTask<int> ReadOutputAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Reads what it wrote to standard error; 0 at the end.</summary>
    ValueTask<int> ReadErrorAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>What Ctrl-C does, or Ctrl-\ where it is to quit; to the program alone, not to what it started.</summary>
    void Interrupt(bool quit);
}
