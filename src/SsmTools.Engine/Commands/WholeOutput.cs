using System.Text;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Logs;

namespace SsmTools.Engine.Commands;

/// <summary>
/// Reads all of what a node wrote from where it put it, if the service cut it: the bucket, or else the log group. Only the
/// text of one node is in memory at a time.
/// </summary>
/// <param name="context">Credentials, region and endpoints.</param>
/// <param name="timeProvider">Where time comes from.</param>
/// <param name="options">The command.</param>
/// <param name="most">As many characters of a step as are read.</param>
internal sealed class WholeOutput(
    AwsContext context, TimeProvider timeProvider, RunCommandOptions options, int most = 64 * 1024 * 1024)
{
    private const string Cut = "\n---Output truncated---";

    private const string NotThere =
        "See that it exists and that the node's role may write there: New-SsmInstanceRole with -LogBucket or -LogGroup gives that right.";

    /// <summary>What an agent puts into one event at most: behind a longer line's piece no line ends.</summary>
    private const int FullEvent = 200_000;

    /// <summary>For how long after its end a node may be still writing, or the services still distributing.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(250);

    private readonly LogReader _reader = new(context);

    /// <summary>Whether an outcome is not whole, and there is a place to look for the rest.</summary>
    public bool IsFor(CommandOutcome? outcome) =>
        outcome is { IsTruncated: true } && (options.OutputBucket is not null || options.OutputLogGroup is not null);

    /// <summary>Completes an outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="seen">The timestamp at which it was first known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The whole; or what the service kept, and why it is no more.</returns>
    public async Task<(CommandOutcome Outcome, EngineException? Problem)> CompleteAsync(
        CommandOutcome outcome, long seen, CancellationToken cancellationToken)
    {
        try
        {
            StringBuilder output = new();
            StringBuilder error = new();
            bool isWhole = true;
            foreach (StepOutput step in outcome.Steps)
            {
                isWhole &= step.IsOutputCut
                    ? await AppendAsync(output, outcome, step, "stdout", seen, cancellationToken).ConfigureAwait(false)
                    : output.Append(step.Output) is not null;
                isWhole &= step.IsErrorCut
                    ? await AppendAsync(error, outcome, step, "stderr", seen, cancellationToken).ConfigureAwait(false)
                    : error.Append(step.Error) is not null;
            }

            outcome = outcome with { Output = output.ToString(), Error = error.ToString(), IsTruncated = !isWhole, Steps = [] };
            return (outcome, isWhole ? null : TooLong(outcome));
        }
        catch (EngineException e)
        {
            return (outcome with { Steps = [] }, NotRead(outcome, Place, e, NotThere));
        }
    }

    /// <summary>Reads a text from the first place that has it.</summary>
    /// <returns>Whether that is all of it.</returns>
    private async Task<bool> AppendAsync(
        StringBuilder to, CommandOutcome outcome, StepOutput step, string name, long seen, CancellationToken cancellationToken)
    {
        EngineException? first = null;
        if (options.OutputBucket is { } bucket)
        {
            string? key = OutputKey(bucket, name == "stdout" ? step.OutputUrl : step.ErrorUrl);
            try
            {
                return key is null
                    ? throw new EngineException(
                        "OutputNotNamed", ErrorKind.ObjectNotFound, $"The service does not say where in the bucket {bucket} it is.", null, outcome.InstanceId)
                    : await AppendAsync(
                        to, () => _reader.ReadObjectAsync(bucket, key, cancellationToken), isGrowing: false, seen, cancellationToken)
                        .ConfigureAwait(false);
            }
            catch (EngineException e) when (options.OutputLogGroup is not null)
            {
                first = e;
            }
        }

        string stream = $"{outcome.CommandId}/{outcome.InstanceId}/{step.Name.Replace(':', '-')}/{name}";
        try
        {
            return await AppendAsync(
                to, () => ReadStreamAsync(options.OutputLogGroup!, stream, cancellationToken), isGrowing: true, seen, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (EngineException) when (first is not null)
        {
            throw first;
        }
    }

    /// <summary>
    /// Reads a text, and again while it may not be there yet; a growing one until it does not grow any more.
    /// </summary>
    private async Task<bool> AppendAsync(
        StringBuilder to, Func<IAsyncEnumerable<string>> read, bool isGrowing, long seen, CancellationToken cancellationToken)
    {
        int before = to.Length;
        int last = -1;
        for (TimeSpan wait = s_firstWait; ; wait *= 2)
        {
            bool isLate = timeProvider.GetElapsedTime(seen) >= s_patience;
            to.Length = before;
            try
            {
                bool isWhole = await ReadAsync(to, read(), cancellationToken).ConfigureAwait(false);
                if (isLate || !isWhole || !isGrowing || to.Length == last)
                {
                    return isWhole;
                }

                last = to.Length;
            }
            catch (EngineException e) when (e.Kind == ErrorKind.ObjectNotFound && e.ErrorId != "BucketNotFound" && !isLate)
            {
                // It is not there yet, or will never be.
            }

            await Task.Delay(wait, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> ReadAsync(StringBuilder to, IAsyncEnumerable<string> text, CancellationToken cancellationToken)
    {
        int end = to.Length + most;
        await foreach (string piece in text.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            to.Append(piece, 0, Math.Min(piece.Length, end - to.Length + 1));
            if (to.Length > end)
            {
                to.Length = end;
                to.Append(Cut);
                return false;
            }
        }

        return true;
    }

    /// <summary>A stream's text. An agent takes the line's end from behind an event.</summary>
    private async IAsyncEnumerable<string> ReadStreamAsync(
        string group, string stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool hasOpenLine = false;
        await foreach (LogLine line in _reader.ReadStreamAsync(group, stream, cancellationToken).ConfigureAwait(false))
        {
            yield return hasOpenLine ? "\n" + line.Message : line.Message;
            hasOpenLine = !line.Message.EndsWith('\n') && Encoding.UTF8.GetByteCount(line.Message) < FullEvent;
        }
    }

    /// <summary>An object's key, from its address in either style.</summary>
    private static string? OutputKey(string bucket, string? url)
    {
        // Not by Uri: nobody escapes what a prefix has in it.
        if (url?.Split('/', 4) is not [_, "", string host, string rest])
        {
            return null;
        }

        string path = Uri.UnescapeDataString(rest);
        return host.StartsWith($"{bucket}.", StringComparison.OrdinalIgnoreCase) ? path
            : path.StartsWith($"{bucket}/", StringComparison.Ordinal) ? path[(bucket.Length + 1)..]
            : null;
    }

    private string Place => options.OutputBucket is { } bucket ? $"the bucket {bucket}" : $"the log group {options.OutputLogGroup}";

    /// <summary>The output of a node is cut, and there is no more to be had.</summary>
    /// <param name="outcome">What is known of it.</param>
    /// <param name="place">Where more was looked for.</param>
    /// <param name="cause">Why it could not be read.</param>
    /// <param name="advice">What to do where it is not there.</param>
    public static EngineException NotRead(CommandOutcome outcome, string place, EngineException cause, string? advice = null) => new(
        "OutputNotRead",
        cause.Kind,
        $"The output of {outcome.InstanceId} is cut, and the whole could not be read from {place}: {cause.Message}",
        cause.Kind == ErrorKind.ObjectNotFound ? advice ?? cause.Recommendation : cause.Recommendation,
        outcome.InstanceId,
        cause);

    private EngineException TooLong(CommandOutcome outcome) => new(
        "OutputTooLong",
        ErrorKind.LimitsExceeded,
        $"The output of {outcome.InstanceId} was cut after {most} characters.",
        $"All of it is in {Place}, under the id of the command: {outcome.CommandId}.",
        outcome.InstanceId);
}
