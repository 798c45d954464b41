using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>Completes buckets of S3: their names.</summary>
public sealed class BucketCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        AccountCompletions.Offer(AccountQueries.Buckets, wordToComplete, fakeBoundParameters);
}
