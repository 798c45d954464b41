using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Commands;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Sessions;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Runs a command on instances and returns what it wrote and how it ended.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SsmCommand", DefaultParameterSetName = "Command")]
[OutputType(typeof(SsmCommandResult), typeof(SsmCommand))]
public sealed class InvokeSsmCommandCommand : AwsCmdlet
{
    private readonly PendingTargets _pending = new();

    [Parameter(ParameterSetName = "Command", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "ScriptBlock", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "FilePath", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "Document", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "Session", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(SessionTargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter(ParameterSetName = "Command", Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = "Session", Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = "";

    [Parameter(ParameterSetName = "ScriptBlock", Mandatory = true, Position = 1)]
    public ScriptBlock? ScriptBlock { get; set; }

    [Parameter(ParameterSetName = "FilePath", Mandatory = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";

    [Parameter(ParameterSetName = "Document", Mandatory = true)]
    [Parameter(ParameterSetName = "Session")]
    [ArgumentCompleter(typeof(CommandDocumentCompleter))]
    [ValidateNotNullOrEmpty]
    public string? DocumentName { get; set; }

    [Parameter(ParameterSetName = "Document")]
    [ValidateNotNullOrEmpty]
    public string? DocumentVersion { get; set; }

    [Parameter(ParameterSetName = "Document")]
    [Alias("Parameters")]
    [ArgumentCompleter(typeof(DocumentParameterCompleter))]
    [ValidateNotNull]
    public Hashtable? Parameter { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    [Alias("Tags")]
    [ValidateNotNullOrEmpty]
    public Hashtable? Tag { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    public SwitchParameter All { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    [NodeLimit(1)]
    public string? MaxConcurrency { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    [NodeLimit(0)]
    public string? MaxErrors { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    [ValidateRange(30, 2592000)]
    public int? TimeoutSeconds { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Duration]
    public TimeSpan? ExecutionTimeout { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    [ValidateLength(0, 100)]
    public string? Comment { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    [ArgumentCompleter(typeof(BucketCompleter))]
    [ValidateLength(3, 63)]
    public string? OutputS3BucketName { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    [ValidateLength(1, 500)]
    public string? OutputS3KeyPrefix { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    [Alias("CloudWatchOutputConfig_CloudWatchLogGroupName")]
    [ArgumentCompleter(typeof(LogGroupCompleter))]
    [ValidateLength(1, 512)]
    public string? CloudWatchLogGroupName { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    public SwitchParameter AsJob { get; set; }

    [Parameter(ParameterSetName = "Command")]
    [Parameter(ParameterSetName = "ScriptBlock")]
    [Parameter(ParameterSetName = "FilePath")]
    [Parameter(ParameterSetName = "Document")]
    public SwitchParameter PassThru { get; set; }

    [Parameter(ParameterSetName = "Session", Mandatory = true)]
    public SwitchParameter Session { get; set; }

    // Not by property name: what Test-SsmRegistration returns has a Reason too, and it is another one.
    [Parameter(ParameterSetName = "Session")]
    [ValidateLength(1, 256)]
    public string? Reason { get; set; }

    [Parameter(ParameterSetName = "Session")]
    [ValidateRange(1, 1000)]
    public int ThrottleLimit { get; set; } = 16;

    [Parameter(ParameterSetName = "Session")]
    [Duration]
    public TimeSpan ReconnectTimeout { get; set; } = TimeSpan.FromMinutes(10);

    private bool IsNarrowed => Tag is not null || All;

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        if (!IsNarrowed && !IsGiven(nameof(InstanceId)))
        {
            string name = MyInvocation.MyCommand.Name;
            ThrowTerminatingError(ErrorRecords.Create(ErrorIds.NoNodeNamed, ErrorCategory.InvalidArgument, name, name));
        }

        return Task.CompletedTask;
    }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (SsmTargetParameter target in InstanceId.Where(target => target.NotRegisteredBecause is not null))
        {
            WriteError(ErrorRecords.Create(
                ErrorIds.NotRegistered, ErrorCategory.ResourceUnavailable, target.Value, target.Value, target.NotRegisteredBecause!));
        }

        _pending.Add(GetContext(), InstanceId.Where(target => target.NotRegisteredBecause is null));
        return Task.CompletedTask;
    }

    /// <summary>Only when the pipeline has ended are all nodes known, so that they share calls and take turns.</summary>
    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        RunCommandOptions? options = Session ? null : ReadOptions();
        List<(AwsContext Context, string[] Nodes)> all = [];
        foreach ((AwsContext context, IReadOnlyList<string> targets) in _pending.Rest())
        {
            if (targets.Count == 0 && IsGiven(nameof(InstanceId)))
            {
                // The nodes that were given cannot have it: that is not to mean all that have the tag, or all.
                continue;
            }

            string[] nodes = IsNarrowed
                ? await FindAsync(context, targets, cancellationToken)
                : (await ResolveAsync(context, targets, cancellationToken)).Ids;
            all.Add((context, nodes));
        }

        if (options is null)
        {
            await new SessionCommands(this, CommandLineFor()).RunAsync(all, cancellationToken);
        }
        else if (AsJob)
        {
            StartJob(all, options);
        }
        else
        {
            await RunAsync(all, options, cancellationToken);
        }
    }

    private RunCommandOptions ReadOptions()
    {
        RunCommandOptions options = new()
        {
            Script = ScriptBlock?.ToString() ?? (Command.Length > 0 ? Command : null),
            Language = ScriptBlock is null ? ScriptLanguage.Platform : ScriptLanguage.PowerShell,
            DocumentName = DocumentName,
            DocumentVersion = DocumentVersion,
            Parameters = DocumentParameterTable.Read(Parameter) ?? [],
            WorkingDirectory = WorkingDirectory,
            ExecutionTimeout = ExecutionTimeout,
            DeliveryTimeout = TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            MaxConcurrency = MaxConcurrency,
            MaxErrors = MaxErrors,
            OutputBucket = OutputS3BucketName,
            OutputPrefix = OutputS3KeyPrefix,
            OutputLogGroup = CloudWatchLogGroupName,
            Comment = Comment,
        };
        return FilePath.Length > 0 ? ScriptFile.Read(GetUnresolvedProviderPathFromPSPath(FilePath), options) : options;
    }

    private FleetCommandOptions CommandLineFor() => new()
    {
        Command = Command,
        DocumentName = DocumentName ?? CommandSessionOptions.DefaultDocument,
        Reason = Reason,
        ThrottleLimit = ThrottleLimit,
        ReconnectTimeout = ReconnectTimeout,
    };

    private async Task<string[]> FindAsync(
        AwsContext context, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        NodeQuery query = new() { Targets = targets.ToArray(), Tags = TagTable.Read(Tag), Managed = true };
        List<string> ids = [];
        try
        {
            await foreach (InventoryItem item in new NodeInventory(context).ListAsync(query, cancellationToken))
            {
                if (item.Problem is { } problem)
                {
                    Report(problem, problem.Target ?? context.Region);
                }
                else
                {
                    ids.Add(item.Node!.InstanceId);
                }
            }
        }
        catch (EngineException e)
        {
            Report(e, context.Region);
        }

        return ids.ToArray();
    }

    private void StartJob(List<(AwsContext Context, string[] Nodes)> all, RunCommandOptions options)
    {
        all.ForEach(one => Release(one.Context));
        SsmCommandJob job = new(MyInvocation.Line.Trim(), all, options, PassThru);
        JobRepository.Add(job);
        job.Start();
        WriteObject(job);
    }

    private async Task RunAsync(
        List<(AwsContext Context, string[] Nodes)> all, RunCommandOptions options, CancellationToken cancellationToken)
    {
        foreach ((AwsContext context, string[] nodes) in all)
        {
            using ProgressLine line = new(this, MyInvocation.MyCommand.Name);
            try
            {
                await foreach (RunCommandEvent one in new RunCommand(context).RunAsync(nodes, options, cancellationToken))
                {
                    Show(one, line);
                }
            }
            catch (EngineException e)
            {
                Report(e, Label(nodes));
            }
        }
    }

    private void Show(RunCommandEvent one, ProgressLine line)
    {
        if (CommandReport.Output(one, PassThru) is { } output)
        {
            WriteObject(output);
        }

        if (CommandReport.Error(one) is { } error)
        {
            WriteError(error);
        }

        if (one.Progress is { } progress)
        {
            line.Report(CommandReport.Text(progress), CommandReport.Percent(progress));
        }
    }
}
