using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>Gives a running instance its profile, in place of one that is there; may be repeated.</summary>
internal sealed class ProfileAttacher(AwsContext context, TimeProvider timeProvider)
{
    /// <summary>How long EC2 may not see a profile that IAM has.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromMinutes(2);

    /// <summary>Attaches the profile.</summary>
    public Task AttachAsync(string instanceId, string profileName, CancellationToken cancellationToken) =>
        ServiceCall.RunAsync(
            async token =>
            {
                Backoff backoff = new(timeProvider, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(5), s_budget);
                while (true)
                {
                    try
                    {
                        await AttachOnceAsync(instanceId, profileName, token).ConfigureAwait(false);
                        return true;
                    }
                    catch (Exception exception) when (IsTooEarly(exception))
                    {
                        if (!await backoff.PauseAsync(token).ConfigureAwait(false))
                        {
                            throw;
                        }
                    }
                }
            },
            instanceId,
            cancellationToken);

    // Which of the two calls is right is asked anew each time: an answer that was lost may have done it.
    private async Task AttachOnceAsync(string instanceId, string profileName, CancellationToken cancellationToken)
    {
        IamInstanceProfileSpecification profile = new() { Name = profileName };
        IamInstanceProfileAssociation? association = await FindAsync(instanceId, cancellationToken).ConfigureAwait(false);
        if (association is null)
        {
            await context.Ec2.AssociateIamInstanceProfileAsync(
                new AssociateIamInstanceProfileRequest { InstanceId = instanceId, IamInstanceProfile = profile },
                cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await context.Ec2.ReplaceIamInstanceProfileAssociationAsync(
                new ReplaceIamInstanceProfileAssociationRequest
                {
                    AssociationId = association.AssociationId,
                    IamInstanceProfile = profile,
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IamInstanceProfileAssociation?> FindAsync(string instanceId, CancellationToken cancellationToken)
    {
        DescribeIamInstanceProfileAssociationsRequest request = new()
        {
            Filters =
            [
                new Filter { Name = "instance-id", Values = [instanceId] },
                new Filter { Name = "state", Values = ["associating", "associated"] },
            ],
        };
        return (await context.Ec2.DescribeIamInstanceProfileAssociationsAsync(request, cancellationToken)
            .ConfigureAwait(false)).IamInstanceProfileAssociations.FirstOrDefault();
    }

    // EC2 does not see a new profile, or the role in it, for some seconds; an association that ends is there for some more.
    private static bool IsTooEarly(Exception exception) =>
        AwsErrors.HasCode(exception, "IncorrectState")
        || (AwsErrors.HasCode(exception, "InvalidParameterValue")
            && (exception.Message.Contains("Invalid IAM Instance Profile", StringComparison.OrdinalIgnoreCase)
                || exception.Message.Contains("has no associated IAM Roles", StringComparison.OrdinalIgnoreCase)));
}
