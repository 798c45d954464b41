using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine.Alerts;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Has somebody told when a session starts on nodes: EventBridge rules that publish to an SNS topic.</summary>
[Cmdlet(VerbsLifecycle.Register, "SsmSessionAlert", SupportsShouldProcess = true)]
[OutputType(typeof(SsmSessionAlert))]
public sealed class RegisterSsmSessionAlertCommand : PlanCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionAlertCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter]
    public Hashtable? NodeTag { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(TargetCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? InstanceId { get; set; }

    [Parameter]
    public SwitchParameter AllNodes { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? TopicArn { get; set; }

    [Parameter]
    [Alias("Email")]
    [ValidateNotNullOrEmpty]
    public string[]? Subscriber { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        SessionAlertProvisioner provisioner = new(GetContext());
        SessionAlertRequest request = new()
        {
            Name = Name,
            NodeTags = TagTable.ReadMany(NodeTag),
            InstanceIds = InstanceId ?? [],
            AllNodes = AllNodes,
            TopicArn = TopicArn,
            Subscribers = Subscriber ?? [],
        };
        return ApplyAsync(
            stop => provisioner.PlanAsync(request, stop), Name, alert => WriteObject(alert.ToOutput()), cancellationToken);
    }
}
