using System.Runtime.CompilerServices;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Provisioning;

/// <summary>The roles that instances of an account have or can have.</summary>
public sealed class RoleDirectory
{
    private const int PageSize = 1000;

    private readonly AwsContext _context;
    private readonly IamReader _reader;

    /// <summary>Creates the directory; nothing is read yet.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    public RoleDirectory(AwsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _reader = new IamReader(context);
    }

    /// <summary>
    /// One role by its name, whole; or all roles that are in an instance profile and fit a pattern, in the order of their
    /// names: a call for a thousand profiles, and some more for each role where details are asked for.
    /// </summary>
    /// <param name="name">A name, case ignored, or a pattern with <c>*</c>, <c>?</c> and <c>[a-z]</c>; null for all.</param>
    /// <param name="detailed">Whether roles that are listed are looked at one by one, too.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The roles as they are read; none where no name fits a pattern.</returns>
    /// <exception cref="EngineException">RoleNotFound, RoleNameInvalid, or what the service refused.</exception>
    public async IAsyncEnumerable<RoleDescription> ListAsync(
        string? name,
        bool detailed,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        NamePattern? pattern = name is null ? null : new NamePattern(name);
        RoleReader details = new(_context, _reader);
        if (pattern is { HasWildcards: false })
        {
            RoleRules.CheckRoleName(name!);
            Role role = await _reader.FindRoleAsync(name!, cancellationToken).ConfigureAwait(false)
                ?? throw await NotFoundAsync(name!, cancellationToken).ConfigureAwait(false);
            List<InstanceProfile> profiles = await details.ListProfilesAsync(role.RoleName!, cancellationToken).ConfigureAwait(false);
            yield return await details.ReadAsync(role, profiles, cancellationToken).ConfigureAwait(false);
            yield break;
        }

        // A role may be in several profiles, the last of them on the last page.
        List<InstanceProfile> all = await ListProfilesAsync(cancellationToken).ConfigureAwait(false);
        foreach (IGrouping<string, (Role Role, InstanceProfile Profile)> group in all
            .SelectMany(profile => profile.Roles.Select(role => (Role: role, Profile: profile)))
            .Where(pair => pattern?.Matches(pair.Role.RoleName!) != false)
            .GroupBy(pair => pair.Role.RoleName!, StringComparer.OrdinalIgnoreCase)
            .OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase))
        {
            List<InstanceProfile> profiles = [.. group.Select(pair => pair.Profile)];
            if (!detailed)
            {
                yield return RoleReader.Describe(group.First().Role, profiles);
            }
            else if (await _reader.FindRoleAsync(group.Key, cancellationToken).ConfigureAwait(false) is { } role)
            {
                yield return await details.ReadAsync(role, profiles, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private Task<List<InstanceProfile>> ListProfilesAsync(CancellationToken cancellationToken) => ServiceCall.ListAsync(
        token => _context.Iam.ListInstanceProfilesItemsAsync(new ListInstanceProfilesRequest { MaxItems = PageSize }, token),
        null,
        cancellationToken);

    private async Task<EngineException> NotFoundAsync(string name, CancellationToken cancellationToken)
    {
        List<InstanceProfile>? profiles = await ServiceCall.TryAsync(
            ListProfilesAsync, null, ServiceCodes.Denied, cancellationToken).ConfigureAwait(false);
        IEnumerable<string> names = (profiles ?? []).SelectMany(profile => profile.Roles).Select(role => role.RoleName!);
        return RoleErrors.NotFound(name, NearNames.Find(name, names));
    }
}
