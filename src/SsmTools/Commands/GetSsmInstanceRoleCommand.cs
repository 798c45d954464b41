using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Shows roles of instances: profile, policies, who may assume them, and whether an agent can register with them.</summary>
[Cmdlet(VerbsCommon.Get, "SsmInstanceRole")]
[OutputType(typeof(SsmInstanceRoleInfo))]
public sealed class GetSsmInstanceRoleCommand : AwsCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RoleName")]
    [ArgumentCompleter(typeof(InstanceRoleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        RoleDirectory directory = new(GetContext());
        foreach (string? name in Name ?? [null!])
        {
            try
            {
                await foreach (RoleDescription role in directory.ListAsync(name, Detailed, cancellationToken))
                {
                    WriteObject(role.ToOutput());
                }
            }
            catch (EngineException e)
            {
                Report(e, name ?? MyInvocation.MyCommand.Name);
            }
        }
    }
}
