using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using SsmTools.Engine.HostManagement;

namespace SsmTools.Completion;

/// <summary>Completes the names of host management.</summary>
public sealed class HostManagementCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        AccountCompletions.Offer(HostManagementQueries.Names, wordToComplete, fakeBoundParameters);
}
