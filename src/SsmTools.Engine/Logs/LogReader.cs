using System.Runtime.CompilerServices;
using System.Text;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Logs;
using SsmTools.Engine.Objects;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Logs;

/// <summary>
/// Reads what was logged, from S3 and from CloudWatch Logs, page by page: however long a text is, little of it is in
/// memory at a time.
/// </summary>
internal sealed class LogReader(AwsContext aws)
{
    /// <summary>The objects under a prefix, in the order of their keys.</summary>
    /// <exception cref="EngineException">BucketNotFound, AccessDenied…</exception>
    public IAsyncEnumerable<ObjectEntry> ListObjectsAsync(string bucket, string prefix, CancellationToken cancellationToken) =>
        aws.Objects.ListAsync(bucket, prefix, cancellationToken);

    /// <summary>An object's text, in pieces of up to a million characters. Bytes that are no UTF-8 become U+FFFD.</summary>
    /// <exception cref="EngineException">BucketNotFound, ObjectNotFound, AccessDenied…</exception>
    public async IAsyncEnumerable<string> ReadObjectAsync(
        string bucket, string key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Decoder decoder = Encoding.UTF8.GetDecoder();
        char[] characters = [];
        await foreach (ReadOnlyMemory<byte> piece in aws.Objects.ReadAsync(bucket, key, cancellationToken).ConfigureAwait(false))
        {
            int most = Encoding.UTF8.GetMaxCharCount(piece.Length);
            characters = characters.Length < most ? new char[most] : characters;
            int count = decoder.GetChars(piece.Span, characters, flush: false);
            yield return new string(characters, 0, count);
        }

        int rest = decoder.GetCharCount([], flush: true);
        if (rest > 0)
        {
            char[] last = new char[rest];
            yield return new string(last, 0, decoder.GetChars([], last, flush: true));
        }
    }

    /// <summary>The streams of a group, in the order of their names.</summary>
    /// <exception cref="EngineException">LogGroupNotFound, AccessDenied…</exception>
    public async IAsyncEnumerable<LogStreamEntry> ListStreamsAsync(
        string group, string? prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DescribeLogStreamsRequest request = new() { LogGroupName = group, LogStreamNamePrefix = prefix };
        IAsyncEnumerable<LogStream> streams = aws.Logs.DescribeLogStreamsItemsAsync(request, cancellationToken);
        await foreach (LogStream one in ServiceCall.GuardAsync(streams, null, cancellationToken, group).ConfigureAwait(false))
        {
            yield return new LogStreamEntry(one.LogStreamName ?? "", Time(one.FirstEventTimestamp), Time(one.LastEventTimestamp));
        }
    }

    /// <summary>A stream's events from the first to the last.</summary>
    /// <exception cref="EngineException">LogGroupNotFound: the group or the stream is not there. AccessDenied…</exception>
    public async IAsyncEnumerable<LogLine> ReadStreamAsync(
        string group, string stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GetLogEventsRequest request = new() { LogGroupName = group, LogStreamName = stream, StartFromHead = true };
        while (true)
        {
            GetLogEventsResponse page = await ServiceCall.RunAsync(
                token => aws.Logs.GetLogEventsAsync(request, token), $"{group}/{stream}", cancellationToken).ConfigureAwait(false);
            foreach (OutputLogEvent one in page.Events)
            {
                yield return new LogLine(Time(one.Timestamp) ?? DateTime.UnixEpoch, one.Message ?? "");
            }

            // A page without events is no end, but the token that comes back is.
            if (page.NextForwardToken is null || page.NextForwardToken == request.NextToken)
            {
                yield break;
            }

            request.NextToken = page.NextForwardToken;
        }
    }

    private static DateTime? Time(long? milliseconds) =>
        milliseconds is long time ? DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime : null;
}
