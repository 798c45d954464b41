using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Survey;

/// <summary>Instance profiles, roles and policies, each read once.</summary>
internal sealed class RoleSurvey
{
    private readonly AwsContext _context;
    private readonly Asker _asker;
    private readonly PolicyReader _policies;
    private readonly Dictionary<string, Reading<InstanceProfile>> _profiles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Reading<RoleFacts>> _roles = new(StringComparer.Ordinal);

    /// <summary>Nothing is read yet.</summary>
    public RoleSurvey(AwsContext context, Asker asker)
    {
        _context = context;
        _asker = asker;
        _policies = new PolicyReader(context, asker);
    }

    /// <summary>Reads profiles by name, and the roles in them.</summary>
    public async Task ReadAsync(IEnumerable<string> profileNames, CancellationToken cancellationToken)
    {
        foreach (string name in profileNames.Where(name => !_profiles.ContainsKey(name)).Distinct().ToArray())
        {
            Reading<InstanceProfile> profile = await _asker.FindAsync(
                "iam:GetInstanceProfile",
                ServiceCodes.NoSuchEntity,
                async token => (await _context.Iam.GetInstanceProfileAsync(
                    new GetInstanceProfileRequest { InstanceProfileName = name }, token).ConfigureAwait(false)).InstanceProfile,
                cancellationToken).ConfigureAwait(false);
            _profiles[name] = profile;
            if (profile.Value?.Roles is [{ RoleName: { } role } inProfile, ..])
            {
                await ReadRoleAsync(role, inProfile, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads a role.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inProfile">What its profile says of it, for callers who may look at no more.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task ReadRoleAsync(string name, Role? inProfile, CancellationToken cancellationToken)
    {
        if (!_roles.ContainsKey(name))
        {
            _roles[name] = await FetchAsync(name, inProfile, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A profile that was asked for.</summary>
    public Reading<InstanceProfile> Profile(string? name) => name is null ? default : _profiles.GetValueOrDefault(name);

    /// <summary>A role that was asked for.</summary>
    public Reading<RoleFacts> Role(string? name) => name is null ? default : _roles.GetValueOrDefault(name);

    private async Task<Reading<RoleFacts>> FetchAsync(string name, Role? inProfile, CancellationToken cancellationToken)
    {
        Reading<Role> answer = await _asker.FindAsync(
            "iam:GetRole",
            ServiceCodes.NoSuchEntity,
            async token => (await _context.Iam.GetRoleAsync(new GetRoleRequest { RoleName = name }, token).ConfigureAwait(false)).Role,
            cancellationToken).ConfigureAwait(false);
        if ((answer.Value ?? inProfile) is not { } role)
        {
            return answer.Obstacle is { } obstacle ? obstacle : default(Reading<RoleFacts>);
        }

        (Reading<IReadOnlyList<PolicyText>> policies, IReadOnlyList<string> attached) =
            await _policies.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        Reading<PolicyText> boundary = answer.Obstacle is { } hidden
            ? hidden
            : role.PermissionsBoundary?.PermissionsBoundaryArn is { } arn
            ? await _policies.ReadManagedAsync(arn, cancellationToken).ConfigureAwait(false)
            : default;
        return new RoleFacts
        {
            Name = name,
            Arn = role.Arn ?? string.Empty,
            TrustPolicy = role.AssumeRolePolicyDocument,
            AttachedPolicies = attached,
            Policies = policies,
            Boundary = boundary,
            BoundaryArn = role.PermissionsBoundary?.PermissionsBoundaryArn,
            DeniedByOrganization = await _policies.SimulateAsync(role.Arn, cancellationToken).ConfigureAwait(false),
        };
    }
}
