using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>Completes the policies of the account.</summary>
public sealed class AccessPolicyCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        AccountCompletions.Offer(AccountQueries.AccessPolicies, wordToComplete, fakeBoundParameters);
}
