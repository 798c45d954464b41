using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine.Access;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Writes the policy that lets operators open sessions on some nodes and do little else; makes and attaches it where it gets a name.</summary>
[Cmdlet(VerbsCommon.New, "SsmAccessPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(SsmAccessPolicy), typeof(string))]
public sealed class NewSsmAccessPolicyCommand : PlanCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter]
    public Hashtable? NodeTag { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(TargetCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? InstanceId { get; set; }

    [Parameter]
    public SwitchParameter AllNodes { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(SessionDocumentCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? DocumentName { get; set; }

    [Parameter]
    public SwitchParameter AllowPortForwarding { get; set; }

    [Parameter]
    public SwitchParameter AllowRemoteHost { get; set; }

    [Parameter]
    public SwitchParameter AllowSsh { get; set; }

    [Parameter]
    public SwitchParameter AllowRunCommand { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KmsKeyId { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? UserName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(InstanceRoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? RoleName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? GroupName { get; set; }

    [Parameter]
    public SwitchParameter AsJson { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        AccessPolicyProvisioner provisioner = new(GetContext());
        AccessPolicyRequest request = new()
        {
            Name = Name,
            Path = Path,
            NodeTags = TagTable.ReadMany(NodeTag),
            InstanceIds = InstanceId ?? [],
            AllNodes = AllNodes,
            Documents = DocumentName ?? [],
            PortForwarding = AllowPortForwarding,
            RemoteHosts = AllowRemoteHost,
            Ssh = AllowSsh,
            RunCommand = AllowRunCommand,
            KmsKeyId = KmsKeyId,
            UserNames = UserName ?? [],
            RoleNames = RoleName ?? [],
            GroupNames = GroupName ?? [],
        };
        return ApplyAsync(
            stop => provisioner.PlanAsync(request, stop), Name ?? MyInvocation.MyCommand.Name, Write, cancellationToken);
    }

    private void Write(AccessPolicy policy)
    {
        foreach (string warning in policy.Warnings)
        {
            WriteWarning(warning);
        }

        WriteObject(AsJson ? policy.Json : policy.ToOutput());
    }
}
