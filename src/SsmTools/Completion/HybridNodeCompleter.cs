using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using SsmTools.Engine.HybridNodes;

namespace SsmTools.Completion;

/// <summary>Completes nodes outside EC2: by id or by name, their id.</summary>
public sealed class HybridNodeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        AccountCompletions.Offer(HybridQueries.Nodes, wordToComplete, fakeBoundParameters);
}
