namespace SsmTools.Engine.Choosing;

/// <summary>
/// Keeps answers for some seconds, for those who ask again and again and cannot wait: whoever asks waits for as long as
/// he has patience, then gets the last answer there was, while the question goes on for the next one. Several who ask
/// the same wait for one question. Safe for use by several threads.
/// </summary>
/// <typeparam name="T">What is answered.</typeparam>
public sealed class AnswerCache<T>
    where T : class
{
    private const int Capacity = 32;

    /// <summary>How long a question may go on after its asker has left.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly TimeSpan _fresh;
    private readonly TimeSpan _kept;
    private readonly TimeProvider _time;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="fresh">For how long an answer is given without asking. After a failure, for a quarter of that.</param>
    /// <param name="kept">For how long an answer is better than none.</param>
    /// <param name="time">The clock; the system's where null.</param>
    public AnswerCache(TimeSpan fresh, TimeSpan kept, TimeProvider? time = null)
    {
        _fresh = fresh;
        _kept = kept;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The answer, if there is one in time. Failures of the question are no answer, and not thrown.</summary>
    /// <param name="key">What is asked, of whom and as whom.</param>
    /// <param name="ask">Asks, on a thread of the pool.</param>
    /// <param name="patience">How long to wait.</param>
    /// <returns>The answer, new or kept; null where there is none yet.</returns>
    public async Task<T?> GetAsync(string key, Func<CancellationToken, Task<T>> ask, TimeSpan patience)
    {
        Entry entry;
        Task asking;
        lock (_entries)
        {
            entry = FindOrAdd(key);
            if (_time.GetUtcNow() < entry.FreshUntil)
            {
                return Kept(entry);
            }

            asking = entry.Asking ??= Task.Run(() => AskAsync(entry, ask));
        }

        try
        {
            await asking.WaitAsync(patience, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It goes on, for the next one who asks.
        }

        lock (_entries)
        {
            return Kept(entry);
        }
    }

    private async Task AskAsync(Entry entry, Func<CancellationToken, Task<T>> ask)
    {
        T? answer = null;
        try
        {
            using CancellationTokenSource limit = new(s_limit, _time);
            answer = await ask(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // What is wrong is said by the command itself, once it is run.
        }

        lock (_entries)
        {
            DateTimeOffset now = _time.GetUtcNow();
            entry.Asking = null;
            entry.FreshUntil = now + (answer is null ? _fresh / 4 : _fresh);
            if (answer is not null)
            {
                entry.Answer = answer;
                entry.KeptUntil = now + _kept;
            }
        }
    }

    private Entry FindOrAdd(string key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            if (_entries.Count >= Capacity)
            {
                string oldest = _entries.MinBy(one => one.Value.Asking is null ? one.Value.FreshUntil : DateTimeOffset.MaxValue).Key;
                _entries.Remove(oldest);
            }

            _entries.Add(key, entry = new Entry());
        }

        return entry;
    }

    private T? Kept(Entry entry) => _time.GetUtcNow() < entry.KeptUntil ? entry.Answer : null;

    /// <summary>Guarded by the lock on the entries.</summary>
    private sealed class Entry
    {
        public T? Answer { get; set; }

        public Task? Asking { get; set; }

        public DateTimeOffset FreshUntil { get; set; } = DateTimeOffset.MinValue;

        public DateTimeOffset KeptUntil { get; set; } = DateTimeOffset.MinValue;
    }
}
