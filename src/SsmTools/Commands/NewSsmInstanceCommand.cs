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

/// <summary>Starts an instance that Systems Manager can reach, without a key pair and without an open port.</summary>
[Cmdlet(VerbsCommon.New, "SsmInstance", SupportsShouldProcess = true)]
[OutputType(typeof(SsmInstance))]
public sealed class NewSsmInstanceCommand : PlanCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [SingleValue("SubnetId")]
    [ArgumentCompleter(typeof(SubnetCompleter))]
    [ValidateNotNullOrEmpty]
    public string SubnetId { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("InstanceProfileArn", "IamInstanceProfile")]
    [ArgumentCompleter(typeof(InstanceProfileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? InstanceProfileName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ImageId")]
    [ArgumentCompleter(typeof(ImageCompleter))]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = "AmazonLinux2023";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(InstanceTypeCompleter))]
    [ValidateNotNullOrEmpty]
    public string InstanceType { get; set; } = "t3.nano";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("SecurityGroup")]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] SecurityGroupId { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 100)]
    public int Count { get; set; } = 1;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 64)]
    public int HopLimit { get; set; } = 2;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Tags")]
    public Hashtable? Tag { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? UserData { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateLength(1, 64)]
    public string? ClientToken { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        InstanceProvisioner provisioner = new(GetContext());
        LaunchRequest request = new()
        {
            SubnetId = SubnetId,
            Image = Image,
            InstanceType = InstanceType,
            InstanceProfileName = InstanceProfileName,
            Name = Name,
            SecurityGroupIds = SecurityGroupId,
            Count = Count,
            HopLimit = HopLimit,
            Tags = TagTable.Read(Tag),
            UserData = UserData,
            ClientToken = ClientToken,
        };
        return ApplyAsync(
            stop => provisioner.PlanAsync(request, stop),
            Name ?? SubnetId,
            instances => WriteObject(instances.Select(instance => instance.ToOutput()), enumerateCollection: true),
            cancellationToken);
    }
}
