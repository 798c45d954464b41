using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>Completes security groups: by id or by name, their id; once something of a VPC is given, only those in it.</summary>
public sealed class SecurityGroupCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        AccountCompletions.Offer(AccountQueries.SecurityGroups(NetworkHints.Read(fakeBoundParameters, parameterName)), wordToComplete, fakeBoundParameters);
}
