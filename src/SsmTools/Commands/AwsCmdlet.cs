using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;

namespace SsmTools.Commands;

/// <summary>
/// Base of every cmdlet that calls AWS: the parameters that all of them share, named as in AWS Tools for PowerShell.
/// </summary>
public abstract class AwsCmdlet : AsyncCmdlet
{
    /// <summary>How long a call may be silent before the user hears what is awaited.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<AwsOptions, AwsContext> _contexts = new();
    private bool _shellWasRead;
    private ShellDefaults? _shell;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RegionCompleter))]
    public object? Region { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("StoredCredentials", "AWSProfileName")]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string? ProfileName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("AWSProfilesLocation", "ProfilesLocation")]
    public string? ProfileLocation { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("AK")]
    public string? AccessKey { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("SK", "SecretAccessKey")]
    public string? SecretKey { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ST")]
    public string? SessionToken { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? Credential { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? EndpointUrl { get; set; }

    /// <summary>
    /// The way to AWS for what is bound now. The parameters can be bound anew for each object of the pipeline; one
    /// context serves all that agree. Without region or credentials nothing can go on, so that ends the pipeline.
    /// </summary>
    private protected AwsContext GetContext()
    {
        try
        {
            AwsContext context = OpenContext();
            WriteVerbose($"Calling AWS in region {context.Region}.");
            return context;
        }
        catch (EngineException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, ProfileName ?? MyInvocation.MyCommand.Name));
            throw;
        }
    }

    /// <summary>The same for a cmdlet that has its own way to say what is wrong.</summary>
    /// <exception cref="EngineException">There is no region, there are no credentials, or they cannot be read.</exception>
    private protected AwsContext OpenContext()
    {
        AwsOptions options = ReadOptions();
        if (!_contexts.TryGetValue(options, out AwsContext? context))
        {
            context = AwsContext.Create(options);
            _contexts.Add(options, context);
        }

        return context;
    }

    /// <summary>Whether objects of the pipeline or a parameter say what is meant, though it may turn out to be nothing.</summary>
    private protected bool IsGiven(string parameter) =>
        MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Hands a context over to what outlives this cmdlet and disposes of it.</summary>
    private protected void Release(AwsContext context)
    {
        foreach (AwsOptions options in _contexts.Where(one => one.Value == context).Select(one => one.Key).ToArray())
        {
            _contexts.Remove(options);
        }
    }

    /// <summary>Awaits what asks AWS, and shows that it is awaited where an answer is long in coming.</summary>
    /// <param name="asking">What asks.</param>
    /// <param name="awaited">What more than an answer is awaited, if anything.</param>
    private protected async Task<T> ShowWaitAsync<T>(Task<T> asking, string? awaited = null)
    {
        using CancellationTokenSource answered = new();
        using ProgressLine line = new(this, MyInvocation.MyCommand.Name);
        if (await Task.WhenAny(asking, Task.Delay(s_patience, answered.Token)) != asking)
        {
            line.Report($"Waiting for {awaited ?? "AWS to answer"}; Ctrl-C stops.");
        }

        await answered.CancelAsync();
        return await asking;
    }

    /// <summary>Finds the nodes that targets name, hundreds a call, and reports those that name none.</summary>
    /// <returns>Each id once, and whether every target named something.</returns>
    private protected async Task<(string[] Ids, bool IsWhole)> ResolveAsync(
        AwsContext context, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        bool isWhole = true;
        List<string> ids = [];
        try
        {
            foreach (TargetMatch match in await ShowWaitAsync(
                new TargetResolver(context).ResolveManyAsync(targets, cancellationToken)))
            {
                ids.AddRange(match.Nodes.Select(node => node.InstanceId));
                if (match.Error is { } error)
                {
                    isWhole = false;
                    Report(error, match.Target);
                }
            }
        }
        catch (EngineException e)
        {
            isWhole = false;
            Report(e, Label(targets));
        }

        return (ids.Distinct(StringComparer.Ordinal).ToArray(), isWhole);
    }

    /// <summary>What an error is about that concerns many.</summary>
    internal static string Label(IEnumerable<string> targets) => string.Join(", ", targets.Take(3));

    /// <summary>
    /// Reports the failure of one item. The next one may do better, except where AWS does not know the caller: then
    /// every one fails alike, and once is enough.
    /// </summary>
    internal void Report(EngineException e, string target, string? done = null)
    {
        ErrorRecord record = ErrorRecords.From(e, target, done);
        if (e.Kind == ErrorKind.AuthenticationError)
        {
            ThrowTerminatingError(record);
        }

        WriteError(record);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (AwsContext context in _contexts.Values)
            {
                context.Dispose();
            }

            _contexts.Clear();
        }

        base.Dispose(disposing);
    }

    private AwsOptions ReadOptions()
    {
        AwsKeys? keys = AccessKey is null && SecretKey is null && Credential is not null ? ReadCredential(Credential) : null;
        return new AwsOptions
        {
            Region = RegionName.From(Region),
            ProfileName = ProfileName,
            ProfileLocation = ProfileLocation is null ? null : GetUnresolvedProviderPathFromPSPath(ProfileLocation),
            AccessKey = keys?.AccessKey ?? AccessKey,
            SecretKey = keys?.SecretKey ?? SecretKey,
            SessionToken = keys is null ? SessionToken : keys.SessionToken,
            EndpointUrl = EndpointUrl,
            Shell = ReadShell(),
        };
    }

    private AwsKeys? ReadCredential(object credential)
    {
        string problem = "it has neither keys nor a method that gives them.";
        try
        {
            if (AwsKeys.From(credential) is { } keys)
            {
                return keys;
            }
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            problem = e.Message;
        }

        string type = PSObject.AsPSObject(credential).BaseObject.GetType().Name;
        ThrowTerminatingError(ErrorRecords.Create(
            ErrorIds.CredentialNotUnderstood, ErrorCategory.AuthenticationError, type, type, problem));
        return null;
    }

    private protected ShellDefaults? ReadShell()
    {
        // While a sandbox has the environment, what the shell remembers of the real AWS is put aside with the rest.
        if (SandboxKeeper.Instance.HoldsEnvironment)
        {
            return null;
        }

        if (!_shellWasRead)
        {
            _shell = ShellState.Read(SessionState);
            _shellWasRead = true;
        }

        return _shell;
    }
}
