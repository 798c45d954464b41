using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Schedules;

/// <summary>Makes and removes a schedule's roles; each has one policy, written into it.</summary>
internal sealed class PowerRoles(AwsContext context, TimeProvider timeProvider)
{
    private readonly IamReader _reader = new(context);
    private readonly IamWriter _writer = new(context, timeProvider);

    /// <summary>What has to be changed so that a role is there with exactly these rights.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(
        string schedule, string role, JsonObject trust, JsonObject policy, string rights, CancellationToken cancellationToken)
    {
        string trustText = trust.ToJsonString(JsonSerializerOptions.Default);
        SessionPolicy inline = new(PowerPolicies.Name, policy.ToJsonString(JsonSerializerOptions.Default), rights);
        Role? found = await _reader.FindRoleAsync(role, cancellationToken).ConfigureAwait(false);
        List<PlannedChange> changes = [];
        string? there = null;
        if (found is null)
        {
            changes.Add(new PlannedChange(
                $"role {role}", $"Make the role, trusted by {TrustPolicy.Principals(trustText)}", token => CreateAsync(schedule, role, trustText, token)));
        }
        else if (found.Tags.Find(tag => tag.Key == SsmToolsTag.Key)?.Value != schedule)
        {
            throw PowerScheduleErrors.RoleTaken(schedule, role);
        }
        else
        {
            if (!PolicyJson.IsSame(found.AssumeRolePolicyDocument, trustText))
            {
                changes.Add(new PlannedChange(
                    $"role {role}", $"Let nobody but {TrustPolicy.Principals(trustText)} take it", token => TrustAsync(role, trustText, token)));
            }

            there = await _reader.FindInlinePolicyAsync(role, inline.Name, cancellationToken).ConfigureAwait(false);
        }

        if (!PolicyJson.IsSame(there, inline.Document))
        {
            changes.Add(new PlannedChange($"role {role}", $"Allow it {rights}", token => _writer.PutInlineAsync(role, inline, token)));
        }

        return changes;
    }

    /// <summary>How to remove a role that we made; nothing where it is gone, or is not ours.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanRemovalAsync(string schedule, string role, CancellationToken cancellationToken)
    {
        Role? found = await _reader.FindRoleAsync(role, cancellationToken).ConfigureAwait(false);
        return found is null || found.Tags.Find(tag => tag.Key == SsmToolsTag.Key)?.Value != schedule
            ? []
            : [new PlannedChange($"role {role}", "Delete the role with its policies", token => DeleteAsync(role, token))];
    }

    private async Task CreateAsync(string schedule, string role, string trust, CancellationToken cancellationToken) =>
        await ServiceCall.TryAsync(
            token => context.Iam.CreateRoleAsync(
                new CreateRoleRequest
                {
                    RoleName = role,
                    AssumeRolePolicyDocument = trust,
                    Description = $"For the power schedule {schedule} of SsmTools in {context.Region}.",
                    Tags = [new Tag { Key = SsmToolsTag.Key, Value = schedule }],
                },
                token),
            role,
            ServiceCodes.EntityAlreadyExists,
            cancellationToken).ConfigureAwait(false);

    private async Task TrustAsync(string role, string trust, CancellationToken cancellationToken) => await ServiceCall.RunAsync(
        token => context.Iam.UpdateAssumeRolePolicyAsync(
            new UpdateAssumeRolePolicyRequest { RoleName = role, PolicyDocument = trust }, token),
        role,
        cancellationToken).ConfigureAwait(false);

    /// <summary>What others have added to it goes with it, since it can be of no use without the schedule.</summary>
    private async Task DeleteAsync(string role, CancellationToken cancellationToken)
    {
        foreach (string policy in await ListOrNoneAsync(
            token => _reader.ListInlinePoliciesAsync(role, token), role, cancellationToken).ConfigureAwait(false))
        {
            await _writer.DeleteInlineAsync(role, policy, cancellationToken).ConfigureAwait(false);
        }

        foreach (AttachedPolicy policy in await ListOrNoneAsync(
            token => _reader.ListPoliciesAsync(role, token), role, cancellationToken).ConfigureAwait(false))
        {
            await _writer.DetachAsync(role, policy.PolicyArn!, cancellationToken).ConfigureAwait(false);
        }

        await _writer.DeleteRoleAsync(role, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An earlier try may have deleted it.</summary>
    private static async Task<List<T>> ListOrNoneAsync<T>(
        Func<CancellationToken, Task<List<T>>> list, string role, CancellationToken cancellationToken)
    {
        try
        {
            return await list(cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException e) when (e.ErrorId == "EntityNotFound")
        {
            return [];
        }
    }
}
