using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.HybridNodes;

/// <summary>The way back: nodes are deregistered, activations deleted, and the role goes when nobody uses it any more.</summary>
public sealed class NodeRemoval
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates it.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public NodeRemoval(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Works out how to take nodes away; with an activation go all nodes that registered with it.</summary>
    /// <param name="nodeIds">Ids of nodes, <c>mi-…</c>.</param>
    /// <param name="activationIds">Ids of activations.</param>
    /// <param name="force">Takes away what SsmTools did not make, too; roles of others are kept all the same.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <returns>The plan; its result is the ids of the nodes that were deregistered.</returns>
    /// <exception cref="EngineException">
    /// NodeNotHybrid for an instance of EC2; NodeNotManaged for what others made; or what the service refused.
    /// </exception>
    public async Task<Plan<IReadOnlyList<string>>> PlanAsync(
        IReadOnlyList<string> nodeIds, IReadOnlyList<string> activationIds, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nodeIds);
        ArgumentNullException.ThrowIfNull(activationIds);
        if (nodeIds.FirstOrDefault(id => !NodeIds.IsHybrid(id)) is { } instance)
        {
            throw HybridErrors.NotHybrid(instance);
        }

        List<string> warnings = [];
        List<Activation> activations = await ReadActivationsAsync(activationIds, force, cancellationToken).ConfigureAwait(false);
        List<InstanceInformation> nodes =
            await ReadNodesAsync(nodeIds, force, warnings, cancellationToken).ConfigureAwait(false);
        foreach (Activation activation in activations)
        {
            nodes.AddRange(await HybridReader.ListNodesAsync(
                _context, cancellationToken, ("ActivationIds", [activation.ActivationId!])).ConfigureAwait(false));
        }

        foreach (string id in activationIds.Except(activations.Select(one => one.ActivationId!)))
        {
            nodes.AddRange(await ReadLeftAsync(id, force, warnings, cancellationToken).ConfigureAwait(false));
        }

        bool isAgain = warnings.Count > 0;
        nodes = [.. nodes.DistinctBy(node => node.InstanceId)];
        activations.AddRange(await FindSpentAsync(nodes, activations, cancellationToken).ConfigureAwait(false));

        // An activation comes first, so that no machine registers while its nodes are taken away.
        List<PlannedChange> changes =
        [
            .. activations.Select(one => new PlannedChange(
                $"activation {one.ActivationId}",
                "Delete the activation",
                token => HybridReader.DeleteActivationAsync(_context, one.ActivationId!, token))),
            .. nodes.Select(one => new PlannedChange(
                $"node {one.InstanceId}",
                string.IsNullOrEmpty(one.Name) ? "Deregister the node" : $"Deregister the node {one.Name}",
                token => HybridReader.DeregisterAsync(_context, one.InstanceId!, token))),
        ];
        await AddRolesAsync(nodes, activations, isAgain, changes, warnings, cancellationToken).ConfigureAwait(false);
        if (nodes.Count > 0)
        {
            warnings.Add(
                $"The agent on {(nodes.Count == 1 ? "the machine" : "the machines")} goes on trying to register its node until it is"
                + " stopped, removed, or registered anew.");
        }

        IReadOnlyList<string> ids = [.. nodes.Select(node => node.InstanceId!)];
        return new Plan<IReadOnlyList<string>>(changes, _ => Task.FromResult(ids)) { Warnings = warnings };
    }

    private async Task<List<Activation>> ReadActivationsAsync(
        IReadOnlyList<string> ids, bool force, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        List<Activation> found = await HybridReader.ListActivationsAsync(_context, "ActivationIds", [.. ids], cancellationToken).ConfigureAwait(false);
        return force || found.Find(one => !HybridReader.IsOurs(one)) is not { } foreign
            ? found
            : throw HybridErrors.NotManaged($"Activation {foreign.ActivationId}", foreign.ActivationId!);
    }

    /// <summary>The nodes of an activation that is gone: a run that was cut short left them.</summary>
    private async Task<List<InstanceInformation>> ReadLeftAsync(
        string activationId, bool force, List<string> warnings, CancellationToken cancellationToken)
    {
        List<InstanceInformation> left =
            await HybridReader.ListNodesAsync(_context, cancellationToken, ("ActivationIds", [activationId])).ConfigureAwait(false);
        warnings.Add($"There is no activation {activationId} in {_context.Region}: "
            + (left.Count == 0 ? "nothing to remove." : "only the nodes are left that registered with it."));
        await CheckOursAsync(left, force, ("ActivationIds", [activationId]), cancellationToken).ConfigureAwait(false);
        return left;
    }

    private async Task CheckOursAsync(
        List<InstanceInformation> nodes, bool force, (string Key, IReadOnlyList<string> Values) filter, CancellationToken cancellationToken)
    {
        if (force || nodes.Count == 0)
        {
            return;
        }

        List<InstanceInformation> ours = await HybridReader.ListNodesAsync(
            _context, cancellationToken, filter, ("tag-key", [SsmToolsTag.Key])).ConfigureAwait(false);
        if (nodes.Find(node => !ours.Exists(one => one.InstanceId == node.InstanceId)) is { } foreign)
        {
            throw HybridErrors.NotManaged($"Node {foreign.InstanceId}", foreign.InstanceId!);
        }
    }

    private async Task<List<InstanceInformation>> ReadNodesAsync(
        IReadOnlyList<string> ids, bool force, List<string> warnings, CancellationToken cancellationToken)
    {
        List<InstanceInformation> nodes = [];
        foreach (string[] page in ids.Distinct(StringComparer.Ordinal).Chunk(HybridReader.PageSize))
        {
            List<InstanceInformation> found =
                await HybridReader.ListNodesAsync(_context, cancellationToken, ("InstanceIds", page)).ConfigureAwait(false);
            warnings.AddRange(page.Except(found.Select(one => one.InstanceId!)).Select(id => $"There is no node {id} in {_context.Region}: nothing to remove."));
            await CheckOursAsync(found, force, ("InstanceIds", page), cancellationToken).ConfigureAwait(false);
            nodes.AddRange(found);
        }

        return nodes;
    }

    /// <summary>With its last node goes an activation of ours with which nobody can register any more.</summary>
    private async Task<List<Activation>> FindSpentAsync(
        List<InstanceInformation> nodes, List<Activation> going, CancellationToken cancellationToken)
    {
        string[] ids =
        [
            .. nodes.Select(node => node.ActivationId).OfType<string>().Distinct()
                .Where(id => !going.Exists(one => one.ActivationId == id)),
        ];
        List<Activation> spent = [];
        foreach (Activation activation in ids.Length == 0
            ? []
            : await HybridReader.ListActivationsAsync(_context, "ActivationIds", [.. ids], cancellationToken).ConfigureAwait(false))
        {
            bool isOver = activation.Expired == true || activation.RegistrationsCount >= activation.RegistrationLimit;
            if (HybridReader.IsOurs(activation) && isOver
                && await HybridReader.AllGoAsync(
                    _context, ("ActivationIds", [activation.ActivationId!]), nodes, cancellationToken).ConfigureAwait(false))
            {
                spent.Add(activation);
            }
        }

        return spent;
    }

    private async Task AddRolesAsync(
        List<InstanceInformation> nodes,
        List<Activation> activations,
        bool isAgain,
        List<PlannedChange> changes,
        List<string> warnings,
        CancellationToken cancellationToken)
    {
        HybridRole roles = new(_context, _timeProvider);

        // Where something is gone already, a run that was cut short may have left the role that was made for it.
        IEnumerable<string> names = nodes.Select(node => node.IamRole).Concat(activations.Select(one => one.IamRole))
            .Append(isAgain ? HybridRole.DefaultName(_context.Region) : null)
            .OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase);
        foreach (string role in names)
        {
            string name = role.Split('/')[^1];
            if (await HybridRole.HasNodesAsync(_context, [role], nodes, activations, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            List<PlannedChange> away = [];
            await roles.PlanRemovalAsync(name, away, warnings, cancellationToken).ConfigureAwait(false);
            if (away.Count > 0 && await FindOtherUseAsync(name, cancellationToken).ConfigureAwait(false) is { } use)
            {
                warnings.Add($"Role {name} is kept: {use}.");
                continue;
            }

            changes.AddRange(away);
        }
    }

    /// <summary>What else needs a role, or hides whether it does; null where nothing does.</summary>
    private async Task<string?> FindOtherUseAsync(string roleName, CancellationToken cancellationToken)
    {
        GetServiceSettingResponse? setting = await ServiceCall.TryAsync(
            token => _context.Ssm.GetServiceSettingAsync(
                new GetServiceSettingRequest { SettingId = SettingSurvey.HostManagementRole }, token),
            SettingSurvey.HostManagementRole,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        return setting is null
            ? "whether Default Host Management uses it may not be asked (ssm:GetServiceSetting)"
            : setting.ServiceSetting?.SettingValue?.Split('/')[^1] == roleName
                ? $"Default Host Management gives it to instances in {_context.Region}"
                : null;
    }
}
