using System.Management.Automation;
using SsmTools.Engine.Automation;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Starts instances through Systems Manager Automation.</summary>
[Cmdlet(VerbsLifecycle.Start, "SsmInstance", SupportsShouldProcess = true)]
[OutputType(typeof(SsmPowerResult))]
public sealed class StartSsmInstanceCommand : PowerCmdlet
{
    private protected override PowerAction Action => PowerAction.Start;
}
