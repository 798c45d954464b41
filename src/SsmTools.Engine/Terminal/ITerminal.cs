namespace SsmTools.Engine.Terminal;

/// <summary>
/// The near end of an interactive session: bytes as they are typed, bytes to be shown, and a size. Implementations
/// are a Unix terminal, a Windows console, or a pair of redirected streams.
/// </summary>
public interface ITerminal : IDisposable
{
    /// <summary>The size now; null where there is no terminal behind it.</summary>
    TerminalSize? Size { get; }

    /// <summary>Whether somebody types; false where the input is a file or a pipe.</summary>
    bool IsInteractive => Size is not null;

    /// <summary>Raised, on any thread, when <see cref="Size"/> has changed.</summary>
    event Action? SizeChanged;

    /// <summary>
    /// Raised, on any thread, when somebody else has used the screen, so that what is behind has to draw it again.
    /// </summary>
    event Action? RedrawNeeded
    {
        add { }
        remove { }
    }

    /// <summary>
    /// Switches to raw mode: no echo, no line editing, no signals from keys. Disposing what is returned puts back
    /// exactly the mode that was there, and switches off what was switched on by what was shown since (another screen,
    /// mouse reports, colours and such); disposing twice does no harm.
    /// </summary>
    IDisposable EnterRawMode();

    /// <summary>Reads what was typed.</summary>
    /// <param name="buffer">Receives the bytes, UTF-8 as typed.</param>
    /// <param name="cancellationToken">Ends the wait; bytes not yet returned stay readable.</param>
    /// <returns>How many bytes were read; 0 at the end of the input.</returns>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Shows bytes as they are.</summary>
    /// <param name="data">What to show.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Lets go of what the terminal holds; the terminal itself stays open.</summary>
    void IDisposable.Dispose() => GC.SuppressFinalize(this);
}
