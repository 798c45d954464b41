using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Sessions;

namespace SsmTools.Sandbox.Tour;

/// <summary>The steps of the recipe (AWS Cookbook 1.6), through the same engine that the cmdlets use.</summary>
internal sealed class TourJourney(TourReport report)
{
    private const string Name = "tour";

    /// <summary>Walks from the start of a sandbox to its end.</summary>
    /// <exception cref="TourException">A step did not hold.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        SandboxHost? host = null;
        try
        {
            await report.StepAsync("Start a sandbox: the AWS side, on this machine", async () =>
            {
                host = await SandboxHost.StartAsync(new SandboxOptions(), cancellationToken).ConfigureAwait(false);
                return $"{host.Facts.Endpoint}, {host.Facts.Region}, with keys made just now";
            }).ConfigureAwait(false);
            SandboxFacts facts = host!.Facts;
            using AwsContext context = AwsContext.Create(new AwsOptions
            {
                Region = facts.Region,
                AccessKey = facts.AccessKeyId,
                SecretKey = facts.SecretAccessKey,
                EndpointUrl = facts.Endpoint,
            });
            await WalkAsync(context, facts, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (host is not null)
            {
                await host.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task WalkAsync(AwsContext context, SandboxFacts facts, CancellationToken cancellationToken)
    {
        RoleProvisioner roles = new(context);
        InstanceProvisioner instances = new(context);
        InstanceRole role = new() { RoleName = Name };
        InstanceDescription instance = new() { InstanceId = string.Empty };

        await report.StepAsync("Make a role and an instance profile", async () =>
        {
            Plan<InstanceRole> plan = await roles
                .PlanAsync(new RoleRequest { Name = Name }, cancellationToken).ConfigureAwait(false);
            role = await ApplyAsync(plan, cancellationToken).ConfigureAwait(false);
            return role.InstanceProfileArn;
        }).ConfigureAwait(false);

        await report.StepAsync("Launch an instance in an isolated subnet", async () =>
        {
            LaunchRequest request = new()
            {
                SubnetId = facts.Subnets.Isolated[0],
                SecurityGroupIds = [facts.SecurityGroupId],
                InstanceProfileName = role.InstanceProfileName,
                Name = Name,
                HopLimit = 64,
            };
            Plan<IReadOnlyList<InstanceDescription>> plan = await instances
                .PlanAsync(request, cancellationToken).ConfigureAwait(false);
            instance = (await ApplyAsync(plan, cancellationToken).ConfigureAwait(false))[0];
            return $"{instance.InstanceId}, {instance.PrivateIpAddress} in {instance.AvailabilityZone}";
        }).ConfigureAwait(false);

        await report.StepAsync("Wait until its agent is registered", () =>
            WaitAsync(context, instance.InstanceId, cancellationToken)).ConfigureAwait(false);

        await report.StepAsync("Open a session and ask the instance who it is", () =>
            AskAsync(context, instance.InstanceId, role.InstanceProfileArn, cancellationToken)).ConfigureAwait(false);

        await report.StepAsync("Remove everything, in reverse", async () =>
        {
            await ApplyAsync(
                await instances.PlanRemovalAsync([instance.InstanceId], force: false, cancellationToken)
                    .ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            await ApplyAsync(
                await roles.PlanRemovalAsync(Name, force: false, cancellationToken).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            return "removed";
        }).ConfigureAwait(false);

        await report.StepAsync("Look for what may be left", () =>
            new TourInventory(context).RequireNothingLeftAsync(Name, cancellationToken)).ConfigureAwait(false);
    }

    private async Task<T> ApplyAsync<T>(Plan<T> plan, CancellationToken cancellationToken)
    {
        foreach (PlannedChange change in plan.Changes)
        {
            await change.ApplyAsync(cancellationToken).ConfigureAwait(false);
            await report.NoteAsync($"{change.Target}: {change.Action}").ConfigureAwait(false);
        }

        return await plan.GetResultAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> WaitAsync(AwsContext context, string instanceId, CancellationToken cancellationToken)
    {
        NodeRegistration? last = null;
        RegistrationProbe probe = new(context);
        TourProgress progress = new(report);
        await foreach (NodeRegistration node in probe
            .WaitAsync([instanceId], TourProgram.Limit, progress, cancellationToken).ConfigureAwait(false))
        {
            last = node;
        }

        return last is { Registered: true }
            ? $"{last.PingStatus}: agent {last.AgentVersion} on {last.PlatformName} {last.PlatformVersion}"
            : throw new TourException($"{instanceId} is not registered: {last?.Reason}");
    }

    private async Task<string> AskAsync(
        AwsContext context,
        string instanceId,
        string profileArn,
        CancellationToken cancellationToken)
    {
        using ScriptedTerminal terminal = new();
        ShellSession session = await ShellSession.StartAsync(
            context,
            new ShellSessionOptions { Target = instanceId, Reason = "SsmTools tour" },
            TimeProvider.System,
            cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await report.NoteAsync($"session {session.SessionId}").ConfigureAwait(false);
            Task<SessionEnd> running = session.RunAsync(terminal, cancellationToken);
            TourDialogue dialogue = new(terminal, running);
            string found = await dialogue.ReadProfileArnAsync(cancellationToken).ConfigureAwait(false);
            await report.QuoteAsync(dialogue.Transcript).ConfigureAwait(false);
            terminal.Type("exit\r");
            SessionEnd end = await running.WaitAsync(TimeSpan.FromSeconds(5), cancellationToken).ConfigureAwait(false);
            return found == profileArn
                ? $"the instance has the profile it was given ({end.Reason.TrimEnd('.')})"
                : throw new TourException($"The instance says its profile is {found}, but it was given {profileArn}.");
        }
    }
}
