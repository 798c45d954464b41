using System.Runtime.CompilerServices;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Automation;

/// <summary>
/// Instances that Automation is to start or stop. They are given as values of the runbook's parameter InstanceId (a target
/// with the key ParameterValues) rather than as one list in it: a list is one call to EC2 that fails for all when it fails
/// for one, while of targets each becomes a run of its own, with a state and an error of its own, and limits hold.
/// </summary>
/// <remarks>
/// Sources: Systems Manager User Guide, "Mapping targets for an automation"; the model, which allows 50 values in a target;
/// EC2 API Reference, StartInstances, StopInstances.
/// </remarks>
public sealed class PowerRun
{
    private const int BatchSize = 50;
    private static readonly TimeSpan s_firstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestLook = TimeSpan.FromSeconds(15);

    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly PowerRequest _request;
    private readonly List<Instance> _admitted = [];

    internal PowerRun(AwsContext context, TimeProvider timeProvider, PowerRequest request)
    {
        _context = context;
        _timeProvider = timeProvider;
        _request = request;
    }

    private string Verb => PowerPlanner.Verb(_request.Action);

    /// <summary>Gives the instances to Automation, fifty a run.</summary>
    /// <param name="wait">
    /// Whether to look until every one is in its state, and to tell of each as soon as it is; who stops listening then, or
    /// cancels, calls off what has not begun.
    /// </param>
    /// <param name="timeout">How long to look.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">
    /// AutomationRoleUnusable, or what concerns all alike; also what keeps it from looking, and the runs go on then.
    /// </exception>
    public async IAsyncEnumerable<PowerEvent> RunAsync(
        bool wait, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<PowerBatch> batches = [];
        Task<PowerBatch?>? starting = null;
        bool isOver = false;
        try
        {
            Instance[][] chunks = [.. _admitted.Chunk(BatchSize)];
            List<PowerOutcome> refused = [];
            foreach (Instance[] chunk in chunks)
            {
                try
                {
                    // Once it is on its way it is seen through, whoever stops: a run can be called off only when its id is known.
                    starting = StartAsync(chunk, chunks.Length);
                    batches.Add((await starting.WaitAsync(cancellationToken).ConfigureAwait(false))!);
                    starting = null;
                }
                catch (EngineException e) when (batches.Count > 0)
                {
                    // What has begun goes on; who is not among it is told of.
                    refused.AddRange(chunk.Select(one => Outcome(one, one.State?.Name, PowerStatus.NotStarted) with { Error = e }));
                }
            }

            foreach (PowerOutcome outcome in refused)
            {
                yield return new PowerEvent { Outcome = outcome };
            }

            if (!wait)
            {
                isOver = true;
                foreach (PowerBatch batch in batches)
                {
                    foreach (Instance instance in batch.Left.Values)
                    {
                        yield return new PowerEvent { Outcome = Of(instance, instance.State?.Name, PowerStatus.Requested, batch) };
                    }
                }

                yield break;
            }

            Backoff backoff = new(_timeProvider, s_firstLook, s_longestLook, timeout);
            PowerWatch watch = new(_context, _request.Action);
            int failed = refused.Count;
            bool isTime = _admitted.Count > 0;
            while (isTime && batches.Exists(batch => batch.Left.Count > 0))
            {
                isTime = await backoff.PauseAsync(cancellationToken).ConfigureAwait(false);
                IReadOnlyList<PowerOutcome> outcomes = [];
                try
                {
                    outcomes = await watch.LookAsync(batches, backoff.Elapsed, cancellationToken).ConfigureAwait(false);
                }
                catch (EngineException e) when (isTime && Forbearance.MayPass(e))
                {
                    // The next look tells more.
                }
                catch (EngineException)
                {
                    // As when the time is over: what cannot be watched goes on all the same.
                    isOver = true;
                    throw;
                }

                foreach (PowerOutcome outcome in outcomes)
                {
                    failed += outcome.Error is null ? 0 : 1;
                    yield return new PowerEvent { Outcome = outcome };
                }

                int done = _admitted.Count - batches.Sum(batch => batch.Left.Count) - failed;
                yield return new PowerEvent { Progress = new PowerProgress(_admitted.Count, done, failed, backoff.Elapsed, timeout) };
            }

            isOver = true;
            foreach (PowerOutcome late in batches.SelectMany(Late))
            {
                yield return new PowerEvent { Outcome = late };
            }
        }
        finally
        {
            if (!isOver)
            {
                await Farewell.CallOffAsync(
                    _context, batches.FindAll(batch => batch.Left.Count > 0), starting, CallOffAsync).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes an instance into the run; twice is once.</summary>
    internal void Admit(Instance instance)
    {
        if (!_admitted.Exists(one => one.InstanceId == instance.InstanceId))
        {
            _admitted.Add(instance);
        }
    }

    /// <summary>What is told of an instance.</summary>
    internal static PowerOutcome Outcome(Instance instance, string? state, PowerStatus status) => new()
    {
        InstanceId = instance.InstanceId!,
        Name = InstanceReader.TagOf(instance, "Name"),
        PreviousState = instance.State?.Name ?? "",
        State = state ?? "",
        Status = status,
    };

    /// <summary>What is told of an instance that a batch has.</summary>
    internal static PowerOutcome Of(Instance instance, string? state, PowerStatus status, PowerBatch batch) =>
        Outcome(instance, state, status) with { ExecutionId = batch.ExecutionId };

    private IEnumerable<PowerOutcome> Late(PowerBatch batch) => batch.Left.Values.Select(instance =>
    {
        string state = batch.States.GetValueOrDefault(instance.InstanceId!, instance.State?.Name ?? "");
        return Of(instance, state, PowerStatus.TimedOut, batch) with
        {
            Error = PowerErrors.TimedOut(InstanceReader.Label(instance), instance.InstanceId!, Verb, state),
        };
    });

    private async Task<PowerBatch?> StartAsync(Instance[] chunk, int batches)
    {
        StartAutomationExecutionRequest request = new()
        {
            DocumentName = _request.Action == PowerAction.Start ? "AWS-StartEC2Instance" : "AWS-StopEC2Instance",
            TargetParameterName = "InstanceId",
            Targets = [new Target { Key = "ParameterValues", Values = [.. chunk.Select(instance => instance.InstanceId!)] }],
            MaxConcurrency = PowerLimits.Of(_request.MaxConcurrency, batches, least: 1),
            MaxErrors = PowerLimits.Of(_request.MaxErrors, batches, least: 0),
            ClientToken = Guid.NewGuid().ToString(),
        };
        if (_request.AssumeRole is { } role)
        {
            request.Parameters["AutomationAssumeRole"] = [role];
        }

        StartAutomationExecutionResponse response = await ServiceCall.RunAsync(
            async token =>
            {
                try
                {
                    return await _context.Ssm.StartAutomationExecutionAsync(request, token).ConfigureAwait(false);
                }
                catch (Exception e) when (_request.AssumeRole is not null
                    && AwsErrors.HasCode(e, "InvalidAutomationExecutionParametersException")
                    && e.Message.Contains("assume role", StringComparison.OrdinalIgnoreCase))
                {
                    throw PowerErrors.RoleUnusable(_request.AssumeRole, e);
                }
            },
            chunk.Length == 1 ? chunk[0].InstanceId : $"{chunk.Length} instances",
            CancellationToken.None).ConfigureAwait(false);
        return new PowerBatch(response.AutomationExecutionId!, chunk);
    }

    private Task CallOffAsync(PowerBatch batch, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        stop => _context.Ssm.StopAutomationExecutionAsync(
            new StopAutomationExecutionRequest { AutomationExecutionId = batch.ExecutionId, Type = StopType.Cancel }, stop),
        batch.ExecutionId,
        cancellationToken);
}
