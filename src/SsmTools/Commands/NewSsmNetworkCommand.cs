using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine.Provisioning;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Makes a network without a way out, from which instances reach Systems Manager through endpoints.</summary>
[Cmdlet(VerbsCommon.New, "SsmNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(SsmNetwork))]
public sealed class NewSsmNetworkCommand : PlanCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("CidrBlock")]
    [ValidateNotNullOrEmpty]
    public string? Cidr { get; set; }

    [Parameter]
    [ValidateRange(1, 8)]
    public int? ZoneCount { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Zone")]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] AvailabilityZone { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(EndpointServiceCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Service { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Tags")]
    public Hashtable? Tag { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        NetworkProvisioner provisioner = new(GetContext());
        NetworkRequest request = new()
        {
            Name = Name,
            Cidr = Cidr,
            ZoneCount = ZoneCount,
            AvailabilityZones = AvailabilityZone,
            Services = Service,
            Tags = TagTable.Read(Tag),
        };
        return ApplyAsync(
            stop => provisioner.PlanAsync(request, stop),
            Name,
            network => WriteObject(network.ToOutput()),
            cancellationToken);
    }
}
