using System;
using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Terminal;
using SsmTools.Engine.Transcripts;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Opens a shell on an instance in this terminal.</summary>
[Cmdlet(VerbsCommon.Enter, "SsmSession", DefaultParameterSetName = "Shell")]
[OutputType(typeof(SsmSession), ParameterSetName = ["Shell", "Command", "Document"])]
public sealed class EnterSsmSessionCommand : OneTargetCmdlet
{
    // Not by property name: what Test-SsmRegistration returns has a Reason too, and it is another one.
    [Parameter]
    [ValidateLength(1, 256)]
    public string? Reason { get; set; }

    [Parameter]
    [Duration]
    public TimeSpan ReconnectTimeout { get; set; } = TimeSpan.FromMinutes(10);

    [Parameter(Mandatory = true, ParameterSetName = "Command")]
    [ValidateNotNullOrEmpty]
    public string? Command { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Document")]
    [ArgumentCompleter(typeof(SessionDocumentCompleter))]
    [ValidateNotNullOrEmpty]
    public string? DocumentName { get; set; }

    [Parameter(ParameterSetName = "Document")]
    [Alias("Parameters")]
    [ArgumentCompleter(typeof(DocumentParameterCompleter))]
    public Hashtable? Parameter { get; set; }

    [Parameter]
    [EscapeCharacter]
    public string EscapeCharacter { get; set; } = "~";

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TranscriptPath { get; set; }

    [Parameter]
    public SwitchParameter TranscriptInput { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Only when the pipeline has ended is it known that there is one target and not two.</summary>
    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        RefuseWithoutTerminal();
        string target = Named;
        try
        {
            if (await ChooseAsync(cancellationToken) is not ({ } context, { } node))
            {
                return;
            }

            target = node.InstanceId;
            using TranscriptFile? transcript = OpenTranscript();
            ShellSessionOptions options = new()
            {
                Target = node.InstanceId,
                DocumentName = Command is null ? DocumentName : ShellSessionOptions.CommandDocument,
                Parameters = DocumentParameterTable.Read(Command is null ? Parameter : new Hashtable { ["command"] = Command }),
                Reason = Reason,
                IsWindowsNode = node.IsWindows,
                ReconnectTimeout = ReconnectTimeout,
                EscapeCharacter = EscapeCharacterAttribute.Read(EscapeCharacter),
            };
            await EnterAsync(context, options, transcript, cancellationToken);
        }
        catch (EngineException e) when (e.ErrorId is "TranscriptExists" or "TranscriptNotWritable")
        {
            Report(e, TranscriptPath!);
        }
        catch (EngineException e)
        {
            Report(e, target);
        }
    }

    private async Task EnterAsync(
        AwsContext context, ShellSessionOptions options, TranscriptFile? transcript, CancellationToken cancellationToken)
    {
        await using ShellSession session = await ShowWaitAsync(
            ShellSession.StartAsync(context, options, null, cancellationToken));
        WriteVerbose($"Session {session.SessionId} with {options.Target}.");
        using ITerminal terminal = TerminalFactory.OpenConsole();
        using ITerminal? recorded = transcript?.Record(terminal);
        SessionEnd end = await session.RunAsync(recorded ?? terminal, cancellationToken);
        if (end.Kind is SessionEndKind.Closed or SessionEndKind.Expired or SessionEndKind.Abandoned)
        {
            WriteWarning($"The session with {options.Target} did not end by itself: {end.Reason}");
        }

        if (transcript?.Failure is { } failure)
        {
            WriteWarning($"The transcript {TranscriptPath} is not whole: {failure}");
        }

        if (end.ExitCode is { } code)
        {
            SessionState.PSVariable.Set("global:LASTEXITCODE", code); // as after a program of this machine
        }

        if (PassThru)
        {
            WriteObject(end.ToOutput());
        }
    }

    private TranscriptFile? OpenTranscript() => TranscriptPath is null
        ? null
        : TranscriptFile.Create(
            SessionState.Path.GetUnresolvedProviderPathFromPSPath(TranscriptPath), Force, TranscriptInput);

    private void RefuseWithoutTerminal()
    {
        // A job, a remote runspace or an editor's host has no terminal that bytes could be written to.
        if (Host.Name != "ConsoleHost" && Named.Length > 0)
        {
            ThrowTerminatingError(ErrorRecords.Create(
                ErrorIds.NoTerminal, ErrorCategory.DeviceError, Named, Named, Host.Name));
        }
    }
}
