using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>
/// Completes what only the account knows. Answers are kept for some seconds per endpoint, region and identity; a Tab
/// waits for a second at most and offers what is known by then, while the question goes on for the next Tab. Nothing here
/// throws or reports: what is wrong is said by the command itself.
/// </summary>
internal static class AccountCompletions
{
    /// <summary>With what it takes to get here in a shell that has loaded nothing yet, less than a second.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(0.85);

    private static readonly AnswerCache<IReadOnlyList<Choice>> s_answers =
        new(fresh: TimeSpan.FromSeconds(10), kept: TimeSpan.FromMinutes(10));

    /// <summary>What fits the word that is typed.</summary>
    /// <param name="query">What the parameter names.</param>
    /// <param name="word">What is typed of it, with its opening quote if it has one.</param>
    /// <param name="bound">The parameters that are typed already.</param>
    /// <param name="onlyReady">Whether to leave out what cannot be used now.</param>
    internal static IEnumerable<CompletionResult> Offer(
        AccountQuery query, string? word, IDictionary bound, bool onlyReady = false) =>
        Completions.Of(word, List(query, bound).Where(choice => choice.IsReady || !onlyReady)).ToArray();

    /// <summary>All there is, as far as it is known in time.</summary>
    /// <param name="query">What the parameter names.</param>
    /// <param name="bound">The parameters that are typed already.</param>
    internal static IReadOnlyList<Choice> List(AccountQuery query, IDictionary bound)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            CompletionCaller caller = CompletionCaller.Read(bound);
            TimeSpan left = s_patience - Stopwatch.GetElapsedTime(began);
            return s_answers
                .GetAsync($"{query.Name} {caller.Key}", stop => AskAsync(query, caller, stop), left > TimeSpan.Zero ? left : TimeSpan.Zero)
                .GetAwaiter().GetResult() ?? [];
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            return [];
        }
    }

    private static async Task<IReadOnlyList<Choice>> AskAsync(
        AccountQuery query, CompletionCaller caller, CancellationToken cancellationToken)
    {
        using AwsContext context = AwsContext.Create(caller.GetOptions());
        return await query.AskAsync(context, cancellationToken).ConfigureAwait(false);
    }
}
