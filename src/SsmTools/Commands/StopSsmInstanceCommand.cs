using System.Management.Automation;
using SsmTools.Engine.Automation;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Stops instances through Systems Manager Automation.</summary>
[Cmdlet(VerbsLifecycle.Stop, "SsmInstance", SupportsShouldProcess = true)]
[OutputType(typeof(SsmPowerResult))]
public sealed class StopSsmInstanceCommand : PowerCmdlet
{
    private protected override PowerAction Action => PowerAction.Stop;
}
