using System.Globalization;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Gateway;

/// <summary>
/// The three ways in which a session's time runs out, all on the sandbox's clock: no client came, nothing was typed or
/// shown for too long, or it lasted too long (the document's idleSessionTimeout and maxSessionDuration, in minutes).
/// </summary>
internal sealed class SessionTimers : IDisposable
{
    /// <summary>What the service says; seen by users.</summary>
    public const string IdleText = "Your session timed out due to inactivity and has been terminated.";

    /// <summary>In the manner of the service; its words are not known.</summary>
    public const string DurationText = "Your session reached its maximum duration and has been terminated.";

    private static readonly TimeSpan s_connect = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_idleDefault = TimeSpan.FromMinutes(20);

    private readonly TimeProvider _clock;
    private readonly Action<string> _end;
    private readonly TimeSpan _idle;
    private readonly ITimer _idleTimer;
    private readonly ITimer? _durationTimer;
    private readonly ITimer _connectTimer;
    private long _lastActivity;

    public SessionTimers(TimeProvider clock, JsonObject document, Action<string> end)
    {
        _clock = clock;
        _end = end;
        _lastActivity = clock.GetTimestamp();
        JsonNode? inputs = document["inputs"];
        _idle = Minutes(inputs, "idleSessionTimeout", 60) ?? s_idleDefault;
        _idleTimer = clock.CreateTimer(_ => CheckIdle(), null, _idle, Timeout.InfiniteTimeSpan);
        _connectTimer = clock.CreateTimer(_ => end(""), null, s_connect, Timeout.InfiniteTimeSpan);
        if (Minutes(inputs, "maxSessionDuration", 1440) is TimeSpan duration)
        {
            _durationTimer = clock.CreateTimer(_ => end(DurationText), null, duration, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Something was typed or shown.</summary>
    public void Touch() => Volatile.Write(ref _lastActivity, _clock.GetTimestamp());

    /// <summary>The client opened its channel.</summary>
    public void ClientCame()
    {
        Touch();
        _connectTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _idleTimer.Dispose();
        _connectTimer.Dispose();
        _durationTimer?.Dispose();
    }

    private void CheckIdle()
    {
        TimeSpan left = _idle - _clock.GetElapsedTime(Volatile.Read(ref _lastActivity));
        if (left <= TimeSpan.Zero)
        {
            _end(IdleText);
        }
        else
        {
            _idleTimer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    private static TimeSpan? Minutes(JsonNode? inputs, string name, int max) =>
        inputs?[name]?.ToString() is string text &&
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) && minutes >= 1 && minutes <= max
            ? TimeSpan.FromMinutes(minutes)
            : null;
}
