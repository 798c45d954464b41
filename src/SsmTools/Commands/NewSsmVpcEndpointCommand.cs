using System.Collections;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine.Provisioning;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Adds the endpoints that private instances need to a VPC that is there, and completes those it has.</summary>
[Cmdlet(VerbsCommon.New, "SsmVpcEndpoint", SupportsShouldProcess = true, DefaultParameterSetName = VpcSet)]
[OutputType(typeof(SsmVpcEndpoint))]
public sealed class NewSsmVpcEndpointCommand : PlanCmdlet
{
    private const string VpcSet = "Vpc";
    private const string SubnetSet = "Subnet";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = VpcSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VpcCompleter))]
    [ValidateNotNullOrEmpty]
    public string? VpcId { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = SubnetSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SubnetCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] SubnetId { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(EndpointServiceCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Service { get; set; } = [.. EndpointCatalog.Required];

    [Parameter]
    [Alias("SecurityGroup")]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] SecurityGroupId { get; set; } = [];

    [Parameter]
    [Alias("Tags")]
    public Hashtable? Tag { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        EndpointProvisioner provisioner = new(GetContext());
        bool bySubnet = ParameterSetName == SubnetSet;
        EndpointRequest request = new()
        {
            VpcId = bySubnet ? null : VpcId,
            SubnetIds = bySubnet ? SubnetId : [],
            Services = Service,
            SecurityGroupIds = SecurityGroupId,
            Tags = TagTable.Read(Tag),
        };
        return ApplyAsync(
            stop => provisioner.PlanAsync(request, stop),
            bySubnet ? SubnetId[0] : VpcId!,
            endpoints => WriteObject(endpoints.Select(endpoint => endpoint.ToOutput()), enumerateCollection: true),
            cancellationToken);
    }
}
