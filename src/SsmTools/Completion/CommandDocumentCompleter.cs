using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>Completes documents for commands: those of Run Command, or with -Session those of Session Manager.</summary>
public sealed class CommandDocumentCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) => AccountCompletions.Offer(
            fakeBoundParameters.Contains("Session") ? AccountQueries.SessionDocuments : AccountQueries.CommandDocuments,
            wordToComplete,
            fakeBoundParameters);
}
