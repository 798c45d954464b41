using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.HostManagement;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Lists what keeps nodes up, whoever set it up; or shows how each node stands with it.</summary>
[Cmdlet(VerbsCommon.Get, "SsmHostManagement", DefaultParameterSetName = "Task")]
[OutputType(typeof(SsmHostManagement), typeof(SsmNodeCompliance))]
public sealed class GetSsmHostManagementCommand : AwsCmdlet
{
    private readonly List<string> _targets = [];

    [Parameter(Position = 0, ParameterSetName = "Task")]
    [ArgumentCompleter(typeof(HostManagementCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "Compliance")]
    public SwitchParameter Compliance { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Node", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        _targets.AddRange(InstanceId.Select(target => target.Value));
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        try
        {
            if (ParameterSetName == "Task")
            {
                await ListAsync(context, cancellationToken);
            }
            else
            {
                await JudgeAsync(context, cancellationToken);
            }
        }
        catch (EngineException e)
        {
            Report(e, Label(Name.Length > 0 ? Name : [context.Region]));
        }
    }

    private async Task ListAsync(AwsContext context, CancellationToken cancellationToken)
    {
        List<HostManagementState> states = await ShowWaitAsync(new HostManagementPlanner(context).ListAsync(cancellationToken));
        if (await ShowWaitAsync(new DefaultHostManagement(context).ReadAsync(cancellationToken)) is { } setting)
        {
            states.Add(setting);
        }

        WildcardPattern[] patterns = [.. Name.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
        WriteObject(
            states.Where(state => patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch(state.Name))).Select(state => state.ToOutput()),
            enumerateCollection: true);
        foreach (string name in Name.Where(name => !WildcardPattern.ContainsWildcardCharacters(name)
            && !states.Exists(state => state.Name.Equals(name, StringComparison.OrdinalIgnoreCase))))
        {
            Report(HostManagementPlanner.NotFound(name, context.Region), name);
        }
    }

    private async Task JudgeAsync(AwsContext context, CancellationToken cancellationToken)
    {
        string[] ids = [];
        if (ParameterSetName == "Node")
        {
            (ids, _) = await ResolveAsync(context, _targets, cancellationToken);
            if (ids.Length == 0)
            {
                return;
            }
        }

        await foreach (NodeCompliance node in new ComplianceReader(context).ListAsync(ids, cancellationToken))
        {
            WriteObject(node.ToOutput());
        }
    }
}
