using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using IamProfile = SsmTools.Engine.Aws.Iam.InstanceProfile;

namespace SsmTools.Engine.Provisioning;

/// <summary>Which profile instances have, and how they get another. What is done may be done again.</summary>
internal sealed class ProfileAssociations(AwsContext context, TimeProvider timeProvider)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_budget = TimeSpan.FromMinutes(2);

    /// <summary>The associations of instances, by instance: a call for two hundred.</summary>
    public async Task<Dictionary<string, IamInstanceProfileAssociation>> FindAsync(
        IEnumerable<string> instanceIds, CancellationToken cancellationToken)
    {
        Dictionary<string, IamInstanceProfileAssociation> found = [];
        foreach (string[] batch in instanceIds.Chunk(InstanceReader.FilterValues))
        {
            DescribeIamInstanceProfileAssociationsRequest request = new()
            {
                Filters =
                [
                    new Filter { Name = "instance-id", Values = [.. batch] },
                    new Filter { Name = "state", Values = ["associating", "associated"] },
                ],
                MaxResults = 1000,
            };
            foreach (IamInstanceProfileAssociation association in await ServiceCall.ListAsync(
                token => context.Ec2.DescribeIamInstanceProfileAssociationsItemsAsync(request, token),
                batch.Length == 1 ? batch[0] : null,
                cancellationToken).ConfigureAwait(false))
            {
                found[association.InstanceId!] = association;
            }
        }

        return found;
    }

    /// <summary>Whether an association is with this very profile: one that was made anew under its old name is another.</summary>
    public static bool IsWith(IamInstanceProfile? associated, IamProfile profile) =>
        associated?.Arn == profile.Arn
        && (associated?.Id is null || profile.InstanceProfileId is null || associated.Id == profile.InstanceProfileId);

    /// <summary>Gives an instance a profile, in place of the one that it was seen with.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="associationId">The association that is replaced; null where there was none.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    /// <exception cref="EngineException">
    /// InstanceProfileChanged where it was given another meanwhile; InstanceProfileNotVisible; or what the service refused.
    /// </exception>
    public async Task SetAsync(
        string instanceId, IamProfile profile, string? associationId, CancellationToken cancellationToken)
    {
        Backoff backoff = new(timeProvider, s_first, s_longest, s_budget);
        while (!await TryAsync(instanceId, profile, associationId, backoff, cancellationToken).ConfigureAwait(false))
        {
            // Somebody was here before: mostly we ourselves, in a call whose answer was lost.
            Dictionary<string, IamInstanceProfileAssociation> now = await FindAsync([instanceId], cancellationToken).ConfigureAwait(false);
            IamInstanceProfileAssociation? association = now.GetValueOrDefault(instanceId);
            if (IsWith(association?.IamInstanceProfile, profile))
            {
                return;
            }

            if (association is not null && association.AssociationId != associationId)
            {
                throw Changed(instanceId, association.IamInstanceProfile?.Arn);
            }

            associationId = association?.AssociationId;
            if (!await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
            {
                throw Changed(instanceId, association?.IamInstanceProfile?.Arn);
            }
        }
    }

    /// <returns>False where the association is not as it was thought to be.</returns>
    private async Task<bool> TryAsync(
        string instanceId, IamProfile profile, string? associationId, Backoff backoff, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ServiceCall.TryAsync(
                    token => CallAsync(instanceId, profile, associationId, token),
                    instanceId,
                    ["IncorrectState", "InvalidAssociationID.NotFound"],
                    cancellationToken).ConfigureAwait(false) is not null;
            }
            catch (EngineException exception) when (
                exception.InnerException is { } cause && InstanceLauncher.IsProfileNotVisible(cause))
            {
                if (!await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw NotVisible(profile, exception);
                }
            }
        }
    }

    private async Task<object> CallAsync(
        string instanceId, IamProfile profile, string? associationId, CancellationToken cancellationToken)
    {
        IamInstanceProfileSpecification specification = new() { Name = profile.InstanceProfileName };
        return associationId is null
            ? await context.Ec2.AssociateIamInstanceProfileAsync(
                new AssociateIamInstanceProfileRequest { InstanceId = instanceId, IamInstanceProfile = specification },
                cancellationToken).ConfigureAwait(false)
            : await context.Ec2.ReplaceIamInstanceProfileAssociationAsync(
                new ReplaceIamInstanceProfileAssociationRequest
                {
                    AssociationId = associationId,
                    IamInstanceProfile = specification,
                },
                cancellationToken).ConfigureAwait(false);
    }

    private static EngineException Changed(string instanceId, string? arn) => new(
        "InstanceProfileChanged",
        ErrorKind.ResourceBusy,
        $"Instance {instanceId} was given instance profile {arn ?? "(none)"} by someone else at the same time.",
        "Run the same line again.",
        instanceId);

    private static EngineException NotVisible(IamProfile profile, EngineException exception) => new(
        "InstanceProfileNotVisible",
        ErrorKind.OperationTimeout,
        $"EC2 has not seen the instance profile {profile.InstanceProfileName} for {(int)s_budget.TotalSeconds} seconds,"
            + " though IAM has it.",
        "Run the same line again.",
        profile.InstanceProfileName,
        exception);
}
