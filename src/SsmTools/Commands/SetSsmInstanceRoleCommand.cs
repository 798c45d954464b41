using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Gives instances that are there already a role, by its instance profile.</summary>
[Cmdlet(VerbsCommon.Set, "SsmInstanceRole", DefaultParameterSetName = "Role", SupportsShouldProcess = true)]
[OutputType(typeof(SsmInstance))]
public sealed class SetSsmInstanceRoleCommand : PlanCmdlet
{
    /// <summary>As many as are compared at a time: few calls, and memory that does not grow.</summary>
    private const int BatchSize = 1000;

    private readonly Dictionary<AwsContext, List<string>> _pending = new();

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Role")]
    [Parameter(Position = 0, ParameterSetName = "Profile")]
    [Alias("RoleName")]
    [ArgumentCompleter(typeof(InstanceRoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Profile")]
    [ArgumentCompleter(typeof(InstanceProfileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? InstanceProfileName { get; set; }

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        if (!_pending.TryGetValue(context, out List<string>? targets))
        {
            _pending.Add(context, targets = []);
        }

        targets.AddRange(InstanceId.Select(target => target.Value));
        if (targets.Count >= BatchSize)
        {
            await SetAsync(context, targets, cancellationToken);
            targets.Clear();
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach ((AwsContext context, List<string> targets) in _pending)
        {
            if (targets.Count > 0)
            {
                await SetAsync(context, targets, cancellationToken);
            }
        }
    }

    private async Task SetAsync(AwsContext context, List<string> targets, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        try
        {
            foreach (TargetMatch match in await ShowWaitAsync(
                new TargetResolver(context).ResolveManyAsync(targets, cancellationToken)))
            {
                ids.AddRange(match.Nodes.Select(node => node.InstanceId));
                if (match.Error is { } error)
                {
                    Report(error, match.Target);
                }
            }
        }
        catch (EngineException e)
        {
            Report(e, string.Join(", ", targets.Take(3)));
        }

        if (ids.Count == 0)
        {
            return;
        }

        RoleAssignmentRequest request = new()
        {
            RoleName = Name,
            InstanceProfileName = InstanceProfileName,
            InstanceIds = ids,
            Force = Force,
        };
        await ApplyAsync(
            stop => new RoleAssigner(context).PlanAsync(request, stop), Name ?? InstanceProfileName!, Write, cancellationToken);
    }

    private void Write(IReadOnlyList<InstanceDescription> instances)
    {
        if (PassThru)
        {
            WriteObject(instances.Select(instance => instance.ToOutput()), enumerateCollection: true);
        }
    }
}
