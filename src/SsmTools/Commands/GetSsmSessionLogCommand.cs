using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Auditing;
using SsmTools.Engine.Aws;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Shows who was where, when and how long: the history of sessions, with what CloudTrail and the logs know of each.</summary>
[Cmdlet(VerbsCommon.Get, "SsmSessionLog")]
[OutputType(typeof(SsmSessionLog))]
public sealed class GetSsmSessionLogCommand : AwsCmdlet
{
    private readonly PendingTargets _pending = new();

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter]
    [Alias("User")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Owner { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SessionId { get; set; }

    [Parameter]
    public DateTime? After { get; set; }

    [Parameter]
    public DateTime? Before { get; set; }

    [Parameter]
    public SwitchParameter Active { get; set; }

    [Parameter]
    public SwitchParameter Text { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) => _pending.AddAsync(
        GetContext(), InstanceId, (context, targets) => ListAsync(context, targets, cancellationToken));

    private protected override Task EndAsync(CancellationToken cancellationToken) => _pending.HandOnRestAsync(
        emptyIsAll: !IsGiven(nameof(InstanceId)), (context, targets) => ListAsync(context, targets, cancellationToken));

    private async Task ListAsync(AwsContext context, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        SessionLog log = new(context);
        int warned = 0;
        try
        {
            SessionLogTargets found = await ShowWaitAsync(log.FindAsync(targets.ToArray(), cancellationToken));
            foreach (EngineException problem in found.Problems)
            {
                Report(problem, problem.Target ?? Label(targets));
            }

            if (targets.Count > 0 && found.InstanceIds.Count == 0)
            {
                return;
            }

            SessionLogQuery query = new()
            {
                InstanceIds = found.InstanceIds,
                Owner = Owner,
                SessionId = SessionId,
                After = After,
                Before = Before,
                ActiveOnly = Active,
                WithText = Text,
            };
            await foreach (SessionLogEntry entry in log.ReadAsync(query, cancellationToken))
            {
                Warn();
                WriteObject(entry.ToOutput());
            }

            Warn();
        }
        catch (EngineException e)
        {
            Report(e, targets.Count > 0 ? Label(targets) : context.Region);
        }

        void Warn()
        {
            foreach (string warning in log.Warnings.Skip(warned))
            {
                WriteWarning(warning);
                warned++;
            }
        }
    }
}
