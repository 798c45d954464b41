using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SsmTools.Engine.Protocol;

namespace SsmTools.Sandbox.Agents;

/// <summary>
/// What a session showed, on its way to where it is logged: line by line while it runs where it is streamed, each event a
/// record of who and where (amazon-ssm-agent, cloudwatchlogsservice.go); else as text at its end.
/// </summary>
internal sealed partial class AgentSessionLog(SessionTask task, SessionLogPlan plan, AgentStorage storage, AgentSettings settings)
    : IAsyncDisposable
{
    /// <summary>More of a session than this is not kept.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Bytes in one event of a log stream, which takes 256 KiB.</summary>
    private const int MaxText = 200_000;

    /// <summary>The same where it becomes a record: JSON may write six characters for one.</summary>
    private const int MaxRecord = 40_000;

    /// <summary>How often the real agent sends what has come together.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>How long the end of a session may take over its log.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly MemoryStream _shown = new();
    private readonly CancellationTokenSource _end = new();
    private Task _streaming = Task.CompletedTask;
    private int _sent;

    private bool IsStreamed => plan is { IsStreamed: true, Group.Length: > 0 };

    /// <summary>Looks whether the places are as they must be, and begins to stream.</summary>
    /// <exception cref="AgentException">They are not: the session does not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await plan.CheckAsync(storage, cancellationToken).ConfigureAwait(false);
        if (IsStreamed)
        {
            _streaming = StreamAsync();
        }
    }

    /// <summary>Something was shown.</summary>
    public void Write(ReadOnlySpan<byte> shown)
    {
        lock (_gate)
        {
            _shown.Write(shown[..(int)Math.Min(shown.Length, MaxBytes - _shown.Length)]);
        }
    }

    /// <summary>The session is over: the log goes where it belongs.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource late = new(s_patience, settings.Clock.Inner);
        await _end.CancelAsync().ConfigureAwait(false);
        await _streaming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (plan.Group.Length > 0)
            {
                await SendAsync(toEnd: true, late.Token).ConfigureAwait(false);
            }

            if (plan.Bucket.Length > 0)
            {
                byte[] text = Encoding.UTF8.GetBytes(Read(0, MaxBytes, toEnd: true).Text);
                await storage.TryPutAsync(plan.Bucket, plan.Key(task.SessionId!), text, late.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The rest is lost, as with the real agent: the session's end must not wait for it, nor go untold.
        }

        _end.Dispose();
        _shown.Dispose();
    }

    private async Task StreamAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_interval, settings.Clock.Inner, _end.Token).ConfigureAwait(false);
                await SendAsync(toEnd: false, _end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The session is over, and the rest goes out behind this.
        }
    }

    /// <summary>Sends all that has come together, event by event, until one is not taken.</summary>
    private async Task SendAsync(bool toEnd, CancellationToken cancellationToken)
    {
        int most = IsStreamed ? MaxRecord : MaxText;
        (string text, int next) = Read(_sent, most, toEnd);
        while (next > _sent)
        {
            string message = IsStreamed ? Record(text) : text;
            if (text.Length > 0
                && !await storage.TryLogAsync(plan.Group, task.SessionId!, [message], cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            _sent = next;
            (text, next) = Read(_sent, most, toEnd);
        }
    }

    /// <summary>
    /// Some of what was shown from a place on, without what moves the cursor: whole lines, unless one is longer than that, or
    /// it is the end.
    /// </summary>
    private (string Text, int Next) Read(int from, int most, bool toEnd)
    {
        lock (_gate)
        {
            ReadOnlySpan<byte> rest = _shown.GetBuffer().AsSpan(from, (int)_shown.Length - from);
            ReadOnlySpan<byte> piece = rest[..Math.Min(rest.Length, most)];
            int lines = piece.LastIndexOf((byte)'\n') + 1;
            bool isCut = piece.Length < rest.Length;
            int end = toEnd && !isCut ? piece.Length : lines > 0 || !isCut ? lines : CharacterEnd(piece);
            string text = Encoding.UTF8.GetString(rest[..end]).Replace("\r", "", StringComparison.Ordinal);
            return (Escape().Replace(text, ""), from + end);
        }
    }

    /// <summary>Where the last character begins, which may not be whole.</summary>
    private static int CharacterEnd(ReadOnlySpan<byte> text)
    {
        int end = text.Length - 1;
        while (end > 1 && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return end;
    }

    private string Record(string text) => new JsonObject
    {
        ["eventVersion"] = "1.0",
        ["eventTime"] = settings.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["awsRegion"] = settings.Region,
        ["target"] = new JsonObject { ["id"] = settings.Target },
        ["userIdentity"] = new JsonObject { ["arn"] = task.SessionOwner ?? "" },
        ["runAsUser"] = string.IsNullOrEmpty(task.RunAsUser) ? "ssm-user" : task.RunAsUser,
        ["sessionId"] = task.SessionId,
        ["sessionData"] = new JsonArray([.. text.TrimEnd('\n').Split('\n').Select(line => JsonValue.Create(line))]),
    }.ToJsonString();

    [GeneratedRegex(@"\e(\[[0-?]*[ -/]*[@-~]|\][^\a\e]*(\a|\e\\)|[@-Z\\^_])", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
