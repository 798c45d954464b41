using System.Runtime.InteropServices;
using SsmTools.Engine;

namespace SsmTools.Sandbox.Serve;

/// <summary>The sandbox as a program: says what a client needs and runs until it is told to stop.</summary>
internal static class ServeProgram
{
    /// <summary>Runs it.</summary>
    /// <returns>The exit code: 0 when it was told to stop, 1 when it could not start, 2 for bad arguments.</returns>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (ServeArguments.Parse(arguments) is not ServeArguments parsed)
        {
            return Usage.Show(Console.Error, 2);
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration interrupt = StopOn(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM, stop);
        using PosixSignalRegistration hangUp = StopOn(PosixSignal.SIGHUP, stop);
        try
        {
            SandboxOptions options = new()
            {
                Port = parsed.Port,
                TlsPort = parsed.TlsPort,
                CaFile = parsed.CaFile,
                Faults = parsed.Faults,
                FaultSeed = parsed.Seed,
            };
            SandboxHost host = await SandboxHost.StartAsync(options, stop.Token).ConfigureAwait(false);
            await using (host.ConfigureAwait(false))
            {
                Console.WriteLine(parsed.Json ? FactsText.ToJson(host.Facts) : FactsText.ToText(host.Facts));
                await WaitAsync(parsed.UntilInputCloses, stop.Token).ConfigureAwait(false);
            }

            return 0;
        }
        catch (EngineException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message} {e.Recommendation}").ConfigureAwait(false);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });

    private static async Task WaitAsync(bool untilInputCloses, CancellationToken cancellationToken)
    {
        Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        await Task.WhenAny(stopped, untilInputCloses ? Task.Run(DrainInput, CancellationToken.None) : stopped).ConfigureAwait(false);
    }

    /// <summary>Reads standard input to its end; on a thread, because a read of a console or pipe cannot be cancelled.</summary>
    private static void DrainInput()
    {
        using Stream input = Console.OpenStandardInput();
        byte[] scrap = new byte[256];
        while (input.Read(scrap) > 0)
        {
        }
    }
}
