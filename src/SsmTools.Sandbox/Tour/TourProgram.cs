using System.Runtime.InteropServices;

namespace SsmTools.Sandbox.Tour;

/// <summary>
/// The whole journey on a sandbox of its own, shown step by step: role, instance, registration, a session in which the
/// instance reads its own role, and the way back. For whoever wants to see it work before reading on.
/// </summary>
internal static class TourProgram
{
    private const string Usage = """
        usage: tour

        Starts a sandbox and walks the journey on it: makes a role and an instance profile, launches an instance, waits
        until it is registered, opens a session, reads the instance's own role inside it, and removes everything.
        Ends with 0 when every step held.
        """;

    /// <summary>How long all of it may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The tour as a program: on the console, until Ctrl-C.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> MainAsync(IReadOnlyList<string> args)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = StopOn(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM, stop);
        return await RunAsync(args, Console.Out, stop.Token).ConfigureAwait(false);
    }

    /// <summary>Walks the journey.</summary>
    /// <param name="args">Nothing, or <c>--help</c>.</param>
    /// <param name="output">Where it is shown.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <param name="atMost">How long it may take; null for <see cref="Limit"/>.</param>
    /// <returns>0 when every step held, 1 when one failed or was stopped, 2 for an argument that is not known.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args,
        TextWriter output,
        CancellationToken cancellationToken,
        TimeSpan? atMost = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        if (args.Count > 0)
        {
            await output.WriteLineAsync(Usage).ConfigureAwait(false);
            return args is ["--help" or "-h" or "-?"] ? 0 : 2;
        }

        TourReport report = new(output, TimeProvider.System, TourReport.WantsColour(output));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(atMost ?? Limit);
        try
        {
            await report.OpenAsync().ConfigureAwait(false);
            await new TourJourney(report).RunAsync(limit.Token).ConfigureAwait(false);
            await report.CloseAsync().ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested)
        {
            string why = cancellationToken.IsCancellationRequested
                ? "Stopped."
                : $"Not done after {(atMost ?? Limit).TotalSeconds} seconds: {exception.Message}";
            await report.FailAsync(why, null).ConfigureAwait(false);
        }
        catch (Engine.EngineException exception)
        {
            await report.FailAsync(exception.Message, exception.Recommendation).ConfigureAwait(false);
        }
        catch (TourException exception)
        {
            await report.FailAsync(exception.Message, null).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            await report.FailAsync($"{exception.GetType().Name}: {exception.Message}", null).ConfigureAwait(false);
        }

        return 1;
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
