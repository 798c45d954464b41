using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>Completes subnets: by id or by name, their id; once something of a VPC is given, only those in it.</summary>
public sealed class SubnetCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        AccountCompletions.Offer(AccountQueries.Subnets(NetworkHints.Read(fakeBoundParameters, parameterName)), wordToComplete, fakeBoundParameters);
}
