using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Ssm;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Automation;

/// <summary>
/// Runs runbooks on the sandbox's clock. What AWS limits is limited here: so many run at once, so many wait, and of a run
/// with targets no more than it asked for.
/// </summary>
/// <remarks>Limits: AWS General Reference, Systems Manager quotas (100 at once, 1,000 queued).</remarks>
internal sealed class AutomationEngine(SandboxWorld world) : IDisposable
{
    private const int MostRunning = 100;
    private const int MostQueued = 1000;
    private const string DefaultConcurrency = "10";
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);

    private readonly ClockWork _work = new(world);
    private readonly Dictionary<string, (string Request, AutomationRecord Made)> _tokens = new(StringComparer.Ordinal);

    /// <summary>Runs without targets that have been made and not begun, in their order.</summary>
    private readonly Queue<AutomationRecord> _queue = [];
    private int _running;

    /// <summary>Starts what is asked for; the same token starts it once.</summary>
    public AutomationRecord Start(Principal caller, JsonObject request)
    {
        lock (world.Gate)
        {
            string? token = request.Text("ClientToken");
            string text = request.ToJsonString();
            if (token is not null && _tokens.TryGetValue(token, out (string Request, AutomationRecord Made) earlier))
            {
                return earlier.Request == text ? earlier.Made : throw AutomationErrors.OtherRequest();
            }

            AutomationRecord made = AutomationRequests.Create(world, caller, request);
            if (_queue.Count(one => one.Parent is null) >= MostQueued)
            {
                throw AutomationErrors.Full();
            }

            if (token is not null)
            {
                _tokens.Add(token, (text, made));
            }

            world.Automations.Add(made.Id, made);
            if (made.Targets is null)
            {
                _queue.Enqueue(made);
            }
            else
            {
                made.Status = "InProgress";
                Fill(made);
            }

            Pump();
            return made;
        }
    }

    /// <summary>Calls a run off. What it has begun at EC2 goes on there.</summary>
    /// <param name="run">The run.</param>
    /// <param name="waits">Whether parts that run may end by themselves (type Complete).</param>
    public void Stop(AutomationRecord run, bool waits)
    {
        lock (world.Gate)
        {
            if (run.IsOver || run.IsEnding)
            {
                throw AutomationErrors.Over(run.Id);
            }

            run.Status = "Cancelling";
            foreach (AutomationRecord child in run.Children.Where(child => !child.IsOver && !waits).ToArray())
            {
                Cancel(child);
            }

            if (run.Targets is null)
            {
                Cancel(run);
            }
            else
            {
                Fill(run);
            }

            Pump();
        }
    }

    public void Dispose() => _work.Dispose();

    /// <summary>Begins as many parts of a run as may run at once, and ends it when there is no more to do.</summary>
    private void Fill(AutomationRecord run)
    {
        if (run.IsOver)
        {
            return;
        }

        int failed = run.Children.Count(child => child.Status is "Failed" or "TimedOut");
        int all = run.Targets!.Count;
        bool stops = run.IsEnding || failed > CommandLimit.Of(run.Request.Text("MaxErrors") ?? "0", all);
        int most = Math.Max(1, CommandLimit.Of(run.Request.Text("MaxConcurrency") ?? DefaultConcurrency, all));
        while (!stops && run.Children.Count < all && run.Children.Count(child => !child.IsOver) < most)
        {
            AutomationRecord child = AutomationRequests.Child(world, run, run.Targets[run.Children.Count]);
            run.Children.Add(child);
            world.Automations.Add(child.Id, child);
            _queue.Enqueue(child);
        }

        if (run.Children.Exists(child => !child.IsOver))
        {
            return;
        }

        run.Failure = stops && !run.IsEnding
            ? string.Create(CultureInfo.InvariantCulture, $"{failed} of {all} targets failed: more than MaxErrors allows.")
            : null;
        run.Status = run.IsEnding ? "Cancelled" : stops ? "Failed" : "Success";
        run.Ended = world.Now;
    }

    private void Pump()
    {
        while (_running < MostRunning && _queue.TryDequeue(out AutomationRecord? next))
        {
            if (!next.IsOver)
            {
                next.Status = "InProgress";
                _running++;
                Advance(next);
            }
        }
    }

    private void Cancel(AutomationRecord run)
    {
        if (run.Steps.Find(step => step.Ended is null) is { } step)
        {
            step.Status = "Cancelled";
            step.Ended = world.Now;
        }

        End(run, "Cancelled", null, wasRunning: run.Steps.Count > 0);
    }

    private void End(AutomationRecord run, string status, string? failure, bool wasRunning = true)
    {
        run.Status = status;
        run.Failure = failure;
        run.Ended = world.Now;
        _running -= wasRunning ? 1 : 0;
        if (run.Parent is { } parent)
        {
            Fill(parent);
        }
    }

    /// <summary>Begins the next step, or ends the run when there is none.</summary>
    private void Advance(AutomationRecord run)
    {
        JsonArray steps = run.Document["mainSteps"]!.AsArray();
        if (run.Steps.Count == steps.Count)
        {
            AutomationStep last = run.Steps[^1];
            End(run, last.Status, last.Failure);
            return;
        }

        JsonObject source = steps[run.Steps.Count]!.AsObject();
        AutomationStep step = new()
        {
            Id = world.Ids.Uuid(),
            Name = source.Text("name")!,
            Action = source.Text("action")!,
            OnFailure = source.Text("onFailure") ?? "Abort",
            TimeoutSeconds = source.Int("timeoutSeconds") ?? 3600,
            Inputs = DocumentParameters.Substitute(
                source["inputs"]!, AutomationRequests.Resolve(run.Document, run.Parameters)).AsObject(),
            Started = world.Now,
            IsLast = run.Steps.Count == steps.Count - 1,
        };
        run.Steps.Add(step);
        try
        {
            InstanceStateStep.Begin(world, run.Actor, step);
        }
        catch (ServiceError e)
        {
            Finish(run, step, "Failed", InstanceStateStep.Refusal(step, e));
            return;
        }

        _work.After(s_poll, () => Look(run, step));
    }

    private void Look(AutomationRecord run, AutomationStep step)
    {
        if (step.Ended is not null)
        {
            return;
        }

        try
        {
            if (InstanceStateStep.IsDone(world, run.Actor, step))
            {
                Finish(run, step, "Success", null);
            }
            else if (world.Now - step.Started >= TimeSpan.FromSeconds(step.TimeoutSeconds))
            {
                Finish(run, step, "TimedOut", "Step timed out while step is verifying completion of its action.");
            }
            else
            {
                _work.After(s_poll, () => Look(run, step));
                return;
            }
        }
        catch (ServiceError e)
        {
            Finish(run, step, "Failed", InstanceStateStep.Refusal(step, e));
        }

        Pump();
    }

    private void Finish(AutomationRecord run, AutomationStep step, string status, string? failure)
    {
        step.Status = status;
        step.Failure = failure;
        step.Ended = world.Now;
        if (status == "Success" || step.OnFailure == "Continue")
        {
            Advance(run);
        }
        else
        {
            End(run, status, failure);
        }
    }
}
