using System.Diagnostics;
using System.IO.Pipes;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Terminal;

namespace SsmTools.Benchmarks;

/// <summary>
/// How long output stays away when the gateway closes a link and takes the next one at once: a shell prints all the time,
/// and what is measured is from the close to the first output after it, the wait before the first attempt included.
/// </summary>
internal static class ResumeBenchmark
{
    private const int Runs = 20;

    public static async Task RunAsync(TextWriter output)
    {
        await using SandboxNode node = await SandboxNode.StartAsync();
        using AwsContext aws = node.CreateContext();
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
        Samples gaps = new("output after a closed link");
        using AnonymousPipeServerStream typed = new(PipeDirection.Out);
        using AnonymousPipeClientStream input = new(PipeDirection.In, typed.ClientSafePipeHandle);
        OutputClock clock = new();
        await using ShellSession session = await ShellSession.StartAsync(
            aws, new ShellSessionOptions { Target = node.InstanceId }, null, patience.Token);
        Task<SessionEnd> run = session.RunAsync(new StreamTerminal(input, clock), patience.Token);
        await typed.WriteAsync("while :; do echo tick; sleep 0.002; done\n"u8.ToArray(), patience.Token);
        for (int i = 0; i < Runs; i++)
        {
            await clock.WaitAsync(100, patience.Token);
            node.Host.Faults.Set(["close:client:x1"]);
            while (node.Host.Faults.Current[0].Hits == 0)
            {
                await Task.Yield();
            }

            Stopwatch watch = Stopwatch.StartNew();
            long settled = clock.Chunks;
            while (clock.Chunks == settled || watch.ElapsedMilliseconds < 20)
            {
                // What was under way when the link was closed still comes.
                settled = watch.ElapsedMilliseconds < 20 ? clock.Chunks : settled;
                patience.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            gaps.Add(watch.Elapsed);
        }

        await patience.CancelAsync();
        await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        output.WriteLine("Resume: from the close of a link to the first output on the next");
        output.WriteLine($"  {gaps}  (mark: 250)");
        output.WriteLine();
    }

    /// <summary>Takes output in and counts its pieces.</summary>
    private sealed class OutputClock : Stream
    {
        private long _chunks;

        public long Chunks => Interlocked.Read(ref _chunks);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public async Task WaitAsync(int more, CancellationToken cancellationToken)
        {
            long wanted = Chunks + more;
            while (Chunks < wanted)
            {
                await Task.Delay(5, cancellationToken);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Interlocked.Increment(ref _chunks);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
