using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine.Provisioning;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Makes a role and an instance profile with which an instance registers with Systems Manager.</summary>
[Cmdlet(VerbsCommon.New, "SsmInstanceRole", SupportsShouldProcess = true)]
[OutputType(typeof(SsmInstanceRole))]
public sealed class NewSsmInstanceRoleCommand : PlanCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RoleName")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? InstanceProfileName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Tags")]
    public Hashtable? Tag { get; set; }

    [Parameter]
    public SwitchParameter CloudWatchAgent { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(BucketCompleter))]
    [ValidateNotNullOrEmpty]
    public string? LogBucket { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(LogGroupCompleter))]
    [ValidateNotNullOrEmpty]
    public string? LogGroup { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(KmsKeyCompleter))]
    [ValidateNotNullOrEmpty]
    public string? KmsKeyId { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? PermissionsBoundary { get; set; }

    [Parameter]
    public SwitchParameter ReplaceTrust { get; set; }

    [Parameter]
    public SwitchParameter ReplaceLegacyPolicy { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        RoleProvisioner provisioner = new(GetContext());
        RoleRequest request = new()
        {
            Name = Name,
            InstanceProfileName = InstanceProfileName,
            Path = Path,
            CloudWatchAgent = CloudWatchAgent,
            LogBucket = LogBucket,
            LogGroup = LogGroup,
            KmsKeyId = KmsKeyId,
            PermissionsBoundary = PermissionsBoundary,
            ReplaceTrust = ReplaceTrust,
            ReplaceLegacyPolicy = ReplaceLegacyPolicy,
            Tags = TagTable.Read(Tag),
        };
        return ApplyAsync(
            stop => provisioner.PlanAsync(request, stop), Name, role => WriteObject(role.ToOutput()), cancellationToken);
    }
}
