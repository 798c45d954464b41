using System;
using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Engine.HybridNodes;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Lets machines outside EC2 become managed nodes, and gives the script by which they join.</summary>
[Cmdlet(VerbsLifecycle.Register, "SsmNode", SupportsShouldProcess = true)]
[OutputType(typeof(SsmNodeActivation))]
public sealed class RegisterSsmNodeCommand : PlanCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("DefaultInstanceName")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Linux", "Windows", "MacOS")]
    public string Platform { get; set; } = "Linux";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("IamRole")]
    [ValidateNotNullOrEmpty]
    public string? RoleName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int RegistrationLimit { get; set; } = 1;

    [Parameter]
    [Duration]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(1);

    [Parameter]
    [ValidateSet("Standard", "Advanced")]
    public string? Tier { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? ScriptPath { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Tags")]
    public Hashtable? Tag { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        NodeActivator activator = new(GetContext());
        NodeActivationRequest request = new()
        {
            Name = Name,
            Platform = Enum.Parse<JoinPlatform>(Platform, ignoreCase: true),
            RoleName = RoleName,
            RegistrationLimit = RegistrationLimit,
            Lifetime = Lifetime,
            Tier = Tier,
            ScriptPath = ScriptPath is null ? null : GetUnresolvedProviderPathFromPSPath(ScriptPath),
            Tags = TagTable.Read(Tag),
        };
        return ApplyAsync(
            stop => activator.PlanAsync(request, stop), Name, activation => WriteObject(activation.ToOutput()), cancellationToken);
    }
}
