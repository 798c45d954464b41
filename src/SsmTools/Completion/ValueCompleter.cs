using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SsmTools.Completion;

/// <summary>Base of the completers whose values are at hand: no call leaves the machine for a completion.</summary>
public abstract class ValueCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        Completions.Matching(wordToComplete, Values(fakeBoundParameters)).ToArray();

    /// <summary>The values, each with its tool tip.</summary>
    /// <param name="bound">What other parameters were given.</param>
    private protected abstract IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound);
}
