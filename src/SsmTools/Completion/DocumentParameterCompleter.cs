using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>Completes a hash table of the parameters that the session document on the line takes.</summary>
public sealed class DocumentParameterCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        if (fakeBoundParameters["DocumentName"]?.ToString() is not { Length: > 0 } document ||
            !"@{".StartsWith(wordToComplete, StringComparison.Ordinal))
        {
            return [];
        }

        // Each result is a table, not a value: nothing is quoted.
        return AccountCompletions.List(AccountQueries.ParametersOf(document), fakeBoundParameters)
            .Select(choice => new CompletionResult(
                choice.Value, choice.Label, CompletionResultType.ParameterValue, choice.ToolTip))
            .ToArray();
    }
}
