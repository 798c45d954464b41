using SsmTools.Engine.Choosing;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Choosing;

public sealed class AnswerCacheTests
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly AnswerCache<string> _cache;
    private int _asked;

    public AnswerCacheTests()
    {
        _cache = new AnswerCache<string>(s_fresh, s_kept, _time);
    }

    [Fact]
    public async Task An_answer_is_given_again_until_it_is_no_longer_fresh()
    {
        Assert.Equal("1", await GetAsync(Numbered));
        _time.Advance(s_fresh - TimeSpan.FromTicks(1));
        Assert.Equal("1", await GetAsync(Numbered));

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal("2", await GetAsync(Numbered));
    }

    [Fact]
    public async Task Other_keys_have_other_answers()
    {
        Assert.Equal("1", await GetAsync(Numbered));
        Assert.Equal("2", await _cache.GetAsync("other", Numbered, s_patience).WaitAsync(TestTimeout.Token));
    }

    [Fact]
    public async Task Who_has_no_more_patience_gets_nothing_and_the_next_one_the_answer()
    {
        TaskCompletionSource<string> answer = new();
        Task<string?> first = GetAsync(_ => answer.Task);
        await PatienceEndsAsync();
        Assert.Null(await first);

        Task<string?> second = GetAsync(_ => throw new InvalidOperationException("Nobody asks twice at a time."));
        answer.SetResult("late");

        Assert.Equal("late", await second);
    }

    [Fact]
    public async Task A_stale_answer_is_better_than_none_and_is_replaced_by_the_one_that_comes_late()
    {
        Assert.Equal("1", await GetAsync(Numbered));
        _time.Advance(s_fresh);
        TaskCompletionSource<string> answer = new();
        Task<string?> stale = GetAsync(_ => answer.Task);
        await PatienceEndsAsync();
        Assert.Equal("1", await stale);

        Task<string?> next = GetAsync(Numbered);
        answer.SetResult("new");

        Assert.Equal("new", await next);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task An_answer_that_is_too_old_is_no_answer()
    {
        Assert.Equal("1", await GetAsync(Numbered));
        _time.Advance(s_kept);
        Task<string?> waiting = GetAsync(_ => new TaskCompletionSource<string>().Task);
        await PatienceEndsAsync();

        Assert.Null(await waiting);
    }

    [Fact]
    public async Task A_failure_is_not_thrown_and_is_not_repeated_at_once()
    {
        Task<string> Fail(CancellationToken stop)
        {
            _asked++;
            throw new InvalidOperationException("denied");
        }

        Assert.Null(await GetAsync(Fail));
        Assert.Null(await GetAsync(Fail));
        Assert.Equal(1, _asked);

        _time.Advance(s_fresh / 4);

        Assert.Equal("2", await GetAsync(Numbered));
    }

    [Fact]
    public async Task A_failure_leaves_the_answer_there_was()
    {
        Assert.Equal("1", await GetAsync(Numbered));
        _time.Advance(s_fresh);

        Assert.Equal("1", await GetAsync(_ => Task.FromException<string>(new InvalidOperationException("denied"))));
    }

    [Fact]
    public async Task A_question_that_nobody_answers_ends()
    {
        TaskCompletionSource<CancellationToken> asked = new();
        Task<string?> first = GetAsync(stop =>
        {
            asked.SetResult(stop);
            return new TaskCompletionSource<string>().Task;
        });
        CancellationToken limit = await asked.Task.WaitAsync(TestTimeout.Token);
        await PatienceEndsAsync();
        Assert.Null(await first);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(limit.IsCancellationRequested);

        // Joins what is left of the first, or asks anew once its failure is forgotten.
        await GetAsync(Numbered);
        _time.Advance(s_fresh / 4);
        Assert.Equal("1", await GetAsync(Numbered));
    }

    [Fact]
    public async Task It_does_not_grow_with_the_number_of_callers()
    {
        for (int caller = 0; caller < 200; caller++)
        {
            await _cache.GetAsync($"caller {caller}", Numbered, s_patience).WaitAsync(TestTimeout.Token);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        // The newest is still there, the oldest was asked anew.
        Assert.Equal("200", await _cache.GetAsync("caller 199", Numbered, s_patience).WaitAsync(TestTimeout.Token));
        Assert.Equal("201", await _cache.GetAsync("caller 0", Numbered, s_patience).WaitAsync(TestTimeout.Token));
    }

    private Task<string> Numbered(CancellationToken stop) => Task.FromResult($"{++_asked}");

    private Task<string?> GetAsync(Func<CancellationToken, Task<string>> ask) =>
        _cache.GetAsync("key", ask, s_patience).WaitAsync(TestTimeout.Token);

    private async Task PatienceEndsAsync()
    {
        await _time.WhenTimerAsync(due => due <= s_patience, TestTimeout.Token);
        _time.Advance(s_patience);
    }
}
