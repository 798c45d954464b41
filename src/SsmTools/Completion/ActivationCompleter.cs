using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using SsmTools.Engine.HybridNodes;

namespace SsmTools.Completion;

/// <summary>Completes activations: by id or by name, their id.</summary>
public sealed class ActivationCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        AccountCompletions.Offer(HybridQueries.Activations, wordToComplete, fakeBoundParameters);
}
