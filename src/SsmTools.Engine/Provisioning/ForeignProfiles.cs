using SsmTools.Engine.Aws.Ec2;
using IamProfile = SsmTools.Engine.Aws.Iam.InstanceProfile;

namespace SsmTools.Engine.Provisioning;

/// <summary>Finds instances whose profile is not ours to replace. Each profile is asked for once.</summary>
internal sealed class ForeignProfiles(IamReader reader)
{
    private readonly Dictionary<string, bool> _foreign = new(StringComparer.Ordinal);

    /// <summary>Those of the instances that have such a profile. One that is gone is nobody's.</summary>
    /// <param name="instances">The instances.</param>
    /// <param name="wanted">The profile that they are to have: whoever made it, it may be attached anew.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    public async Task<List<Instance>> FindAsync(
        List<Instance> instances, IamProfile wanted, CancellationToken cancellationToken)
    {
        List<Instance> refused = [];
        foreach (Instance instance in instances)
        {
            if (instance.IamInstanceProfile?.Arn is { } arn && arn != wanted.Arn
                && await IsForeignAsync(arn, cancellationToken).ConfigureAwait(false))
            {
                refused.Add(instance);
            }
        }

        return refused;
    }

    private async Task<bool> IsForeignAsync(string arn, CancellationToken cancellationToken)
    {
        if (!_foreign.TryGetValue(arn, out bool foreign))
        {
            foreign = await AskAsync(arn, cancellationToken).ConfigureAwait(false);
            _foreign.Add(arn, foreign);
        }

        return foreign;
    }

    private async Task<bool> AskAsync(string arn, CancellationToken cancellationToken)
    {
        try
        {
            IamProfile? profile = await reader.FindProfileAsync(LaunchRules.ProfileName(arn), cancellationToken).ConfigureAwait(false);
            return profile is not null && IamReader.TagOf(profile.Tags, SsmToolsTag.Key) is null;
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.PermissionDenied)
        {
            return true;
        }
    }
}
