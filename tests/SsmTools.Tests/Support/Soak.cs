using System.Collections.Concurrent;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Faults;

namespace SsmTools.Tests.Support;

/// <summary>
/// Many sessions at once that move bytes both ways through a sandbox in which things go wrong; then every byte is
/// accounted for.
/// </summary>
/// <param name="programs">Where the sandbox's programs tell what they saw; its sessions run <see cref="StreamProgram"/>.</param>
internal sealed class Soak(ConcurrentDictionary<ulong, StreamProgram> programs)
{
    private long _sentAgain;
    private long _receivedAgain;
    private long _resumes;
    private long _wrong;
    private long _bytes;
    private int _unequal;

    /// <summary>Bytes that arrived so far, both ways.</summary>
    public long Bytes => programs.Values.Sum(program => program.Read!.Count) + Interlocked.Read(ref _bytes);

    /// <summary>How many messages the clients sent more than once.</summary>
    public long SentAgain => _sentAgain;

    /// <summary>How many messages came to the clients more than once.</summary>
    public long ReceivedAgain => _receivedAgain;

    /// <summary>How often a link was resumed.</summary>
    public long Resumes => _resumes;

    /// <summary>Bytes that were not what they should have been.</summary>
    public long WrongBytes => _wrong;

    /// <summary>Streams whose hashes differ between their ends, or that are not whole.</summary>
    public int UnequalStreams => _unequal;

    /// <summary>Sessions that ended otherwise than by the news of their program's end, by what was told instead.</summary>
    public ConcurrentDictionary<string, int> OtherEnds { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs the sessions to their ends.</summary>
    /// <param name="aws">Whom to ask.</param>
    /// <param name="target">The node.</param>
    /// <param name="sessions">How many.</param>
    /// <param name="length">Bytes each way, each.</param>
    /// <param name="chunk">Bytes to a message.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(
        AwsContext aws, string target, int sessions, long length, int chunk, CancellationToken cancellationToken) =>
        await Task.WhenAll(Enumerable.Range(1, sessions).Select(number => Task.Run(
            () => RunOneAsync(aws, target, (ulong)number * 7919, length, chunk, cancellationToken), cancellationToken)));

    /// <summary>How often the faults of a name acted.</summary>
    public static long Hits(SandboxFaults faults, string name) =>
        faults.Current.Where(fault => fault.Name == name).Sum(fault => fault.Hits);

    private async Task RunOneAsync(
        AwsContext aws, string target, ulong seed, long length, int chunk, CancellationToken cancellationToken)
    {
        using StreamClient client = new(aws, target, seed, length, chunk);
        ChannelEvent? end = await client.RunAsync(cancellationToken);
        Interlocked.Add(ref _sentAgain, client.Links.SentAgain);
        Interlocked.Add(ref _receivedAgain, client.Links.ReceivedAgain);
        Interlocked.Add(ref _resumes, client.Resumes);
        Interlocked.Add(ref _bytes, client.Received.Count);
        StreamProgram? program = programs.GetValueOrDefault(seed);
        Interlocked.Add(ref _wrong, client.Received.Wrong + (program?.Read?.Wrong ?? 0));
        bool isDown = program?.Written?.Hash == client.Received.Hash && client.Received.Count == length;
        bool isUp = program?.Read?.Hash == client.Sent.Hash && client.Sent.Count == length;
        Interlocked.Add(ref _unequal, (isDown ? 0 : 1) + (isUp ? 0 : 1));
        if (end is not { Kind: ChannelEventKind.Closed, Text: "" })
        {
            string told = end is null ? "over when it was to be resumed" : $"{end.Value.Kind}: {end.Value.Text}";
            OtherEnds.AddOrUpdate(told, 1, static (_, count) => count + 1);
        }
    }
}
