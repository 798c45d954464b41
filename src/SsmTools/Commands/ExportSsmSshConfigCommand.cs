using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Remoting;

namespace SsmTools.Commands;

/// <summary>Writes the lines with which ssh, scp and all that use them reach nodes through Systems Manager.</summary>
[Cmdlet(VerbsData.Export, "SsmSshConfig", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class ExportSsmSshConfigCommand : PlanCmdlet
{
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter]
    [Alias("User")]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    [Parameter]
    [Alias("IdentityFile")]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    [Parameter]
    public SwitchParameter InstanceConnect { get; set; }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (AccessKey is not null || SecretKey is not null || Credential is not null)
        {
            ThrowTerminatingError(ErrorRecords.Create(
                ErrorIds.KeysNotExported, ErrorCategory.InvalidArgument, MyInvocation.MyCommand.Name));
        }

        string block;
        try
        {
            block = SshConfigText.Write(Options());
        }
        catch (EngineException e)
        {
            Report(e, e.Target ?? MyInvocation.MyCommand.Name);
            return;
        }

        if (Path is null)
        {
            WriteObject(block.TrimEnd('\n'));
            return;
        }

        string path = GetUnresolvedProviderPathFromPSPath(Path);
        await ApplyAsync(stop => SshConfigFile.PlanAsync(path, block, stop), path, _ => { }, cancellationToken);
    }

    private SshConfigOptions Options() => new()
    {
        PowerShell = PowerShellProgram.Find(),
        Module = PowerShellProgram.Reference(MyInvocation.MyCommand.Module),
        User = UserName,
        KeyFile = KeyFile is null ? null : GetUnresolvedProviderPathFromPSPath(KeyFile),
        InstanceConnect = InstanceConnect,
        ProxyParameters = ProxyParameters().ToArray(),
    };

    /// <summary>What this shell knows, and the PowerShell that ssh starts does not.</summary>
    private IEnumerable<KeyValuePair<string, string>> ProxyParameters()
    {
        ShellDefaults? shell = ReadShell();
        (string Name, string? Value)[] parameters =
        [
            (nameof(Region), RegionName.From(Region) ?? shell?.Region),
            (nameof(ProfileName), ProfileName ?? shell?.ProfileName),
            (nameof(ProfileLocation), ProfileLocation is null ? null : GetUnresolvedProviderPathFromPSPath(ProfileLocation)),
            (nameof(EndpointUrl), EndpointUrl),
        ];
        return parameters.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Name, one.Value!));
    }
}
