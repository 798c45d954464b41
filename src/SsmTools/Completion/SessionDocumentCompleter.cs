using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>Completes the session documents of the account and of AWS.</summary>
public sealed class SessionDocumentCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        AccountCompletions.Offer(AccountQueries.SessionDocuments, wordToComplete, fakeBoundParameters);
}
