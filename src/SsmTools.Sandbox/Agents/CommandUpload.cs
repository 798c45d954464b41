using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Agents;

/// <summary>
/// Puts the whole output of a command's steps where its sender asked for it. What cannot be written is lost, and the command
/// goes on, as it does with the real agent.
/// </summary>
internal sealed partial class CommandUpload(AgentStorage? storage, JsonObject content, AgentSettings settings)
{
    /// <summary>As much as the real agent puts into one event of a log stream (cloudwatchlogsservice.go).</summary>
    private const int MaxEvent = 200_000;

    private const int EventsACall = 4;

    /// <summary>How long a command's end may take over it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _commandId = content.Text("CommandId") ?? "";
    private readonly string _bucket = content.Text("OutputS3BucketName") ?? "";
    private readonly string _group = GroupOf(content);

    /// <summary>Whether anybody asked for it.</summary>
    public bool IsWanted => storage is not null && (_bucket.Length > 0 || _group.Length > 0);

    /// <summary>Puts a step's output where it belongs.</summary>
    /// <param name="step">The step's plugin, and its id.</param>
    /// <param name="name">The name by which the service knows it.</param>
    /// <param name="result">What it wrote.</param>
    public async Task SendAsync((string Plugin, string Id) step, string name, ScriptResult result)
    {
        if (!IsWanted)
        {
            return;
        }

        // Also of a command that was called off.
        using CancellationTokenSource late = new(s_patience);
        try
        {
            await SendAsync(step, name, "stdout", result.WholeOutput ?? result.Output, late.Token).ConfigureAwait(false);
            await SendAsync(step, name, "stderr", result.WholeError ?? result.Error, late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The command's result is not to wait any longer.
        }
    }

    private async Task SendAsync(
        (string Plugin, string Id) step, string name, string output, string text, CancellationToken cancellationToken)
    {
        if (_bucket.Length > 0 && text.Length > 0)
        {
            string key = CommandPlaces.Key(content.Text("OutputS3KeyPrefix"), _commandId, settings.Target, step, output);
            await storage!.TryPutAsync(_bucket, key, Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
        }

        if (_group.Length > 0 && text.Length > 0
            && await storage!.TryMakeGroupAsync(_group, cancellationToken).ConfigureAwait(false))
        {
            string stream = CommandPlaces.Stream(_commandId, settings.Target, name, output);
            foreach (string[] batch in Events(text).Chunk(EventsACall))
            {
                await storage.TryLogAsync(_group, stream, batch, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whole lines, as many as go into an event, without the line's end behind the last; longer lines in pieces.</summary>
    private static IEnumerable<string> Events(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal));
        int from = 0;
        while (from < bytes.Length)
        {
            int count = Math.Min(MaxEvent, bytes.Length - from);
            int end = from + count == bytes.Length ? count : bytes.AsSpan(from, count).LastIndexOf((byte)'\n') + 1;
            end = end > 0 ? end : count;
            string piece = Encoding.UTF8.GetString(bytes, from, end);
            from += end;
            piece = piece.EndsWith('\n') ? piece[..^1] : piece;
            if (piece.Length > 0)
            {
                yield return piece;
            }
        }
    }

    /// <summary>The group that was given, or the document's own.</summary>
    private static string GroupOf(JsonObject content) => (content.Text("CloudWatchOutputEnabled"), content.Text("CloudWatchLogGroupName")) switch
    {
        ("true", { Length: > 0 } group) => group,
        ("true", _) => Unfit().Replace($"/aws/ssm/{content.Text("DocumentName")}", "."),
        _ => "",
    };

    [GeneratedRegex("[^A-Za-z0-9._/#-]", RegexOptions.CultureInvariant)]
    private static partial Regex Unfit();
}
