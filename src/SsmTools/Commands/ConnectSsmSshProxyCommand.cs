using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Remoting;

namespace SsmTools.Commands;

/// <summary>Carries the bytes of one ssh connection between standard input and output and a node, for ssh's ProxyCommand.</summary>
/// <remarks>
/// Standard output belongs to ssh alone. PowerShell writes errors, warnings and progress there too where standard error
/// is a terminal, so that nothing here is left to it: what went wrong is written to standard error by hand.
/// </remarks>
[Cmdlet(VerbsCommunications.Connect, "SsmSshProxy")]
[OutputType(typeof(void))]
public sealed class ConnectSsmSshProxyCommand : AwsCmdlet
{
    private const int Failed = 255; // as ssh's own errors

    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SingleValue(nameof(InstanceId))]
    [ArgumentCompleter(typeof(SessionTargetCompleter))]
    [ValidateNotNullOrEmpty]
    public string InstanceId { get; set; } = "";

    [Parameter(Position = 1)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = 22;

    [Parameter]
    [Alias("User")]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PublicKeyFile { get; set; }

    // Not by property name: what Test-SsmRegistration returns has a Reason too, and it is another one.
    [Parameter]
    [ValidateLength(1, 256)]
    public string? Reason { get; set; }

    [Parameter]
    [Duration]
    public TimeSpan ReconnectTimeout { get; set; } = TimeSpan.FromMinutes(10);

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!Console.IsInputRedirected || !Console.IsOutputRedirected)
        {
            ThrowTerminatingError(ErrorRecords.Create(
                ErrorIds.NoPipe, ErrorCategory.DeviceError, InstanceId, MyInvocation.MyCommand.Name));
        }

        try
        {
            AwsContext context = OpenContext();
            SshProxyOptions options = new()
            {
                Target = await new TargetResolver(context).ResolveOneAsync(InstanceId, cancellationToken),
                Port = Port,
                Reason = Reason,
                ReconnectTimeout = ReconnectTimeout,
                Key = UserName is not null && PublicKeyFile is not null
                    ? new InstanceConnectKey(UserName, GetUnresolvedProviderPathFromPSPath(PublicKeyFile))
                    : null,
            };
            using Stream input = Console.OpenStandardInput();
            using Stream output = Console.OpenStandardOutput();
            await SshProxy.RunAsync(context, options, input, output, null, cancellationToken);
        }
        catch (EngineException e)
        {
            await FailAsync(e);
        }
    }

    private async Task FailAsync(EngineException e)
    {
        string text = string.Join(' ', new[] { e.Message, e.Recommendation }.Where(part => !string.IsNullOrEmpty(part)));
        using Stream errors = Console.OpenStandardError();
        await errors.WriteAsync(Encoding.UTF8.GetBytes($"{MyInvocation.MyCommand.Name}: {text}{Environment.NewLine}"));
        Host.SetShouldExit(Failed);
    }
}
