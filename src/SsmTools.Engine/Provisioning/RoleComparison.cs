using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// The changes that lead from what is there to the role and profile that are wanted, in an order in which a run can be
/// killed anywhere and the next one goes on.
/// </summary>
internal sealed class RoleComparison
{
    private readonly AwsContext _context;
    private readonly IamReader _reader;
    private readonly IamWriter _writer;
    private readonly RoleRequest _request;
    private readonly RoleState _state;
    private readonly string _profileName;
    private readonly string _roleTarget;
    private readonly string _profileTarget;
    private readonly List<PlannedChange> _changes = [];
    private readonly List<string> _warnings = [];

    public RoleComparison(AwsContext context, IamReader reader, IamWriter writer, RoleRequest request, RoleState state)
    {
        _context = context;
        _reader = reader;
        _writer = writer;
        _request = request;
        _state = state;
        _profileName = request.InstanceProfileName ?? request.Name;
        _roleTarget = $"role {request.Name}";
        _profileTarget = $"instance profile {_profileName}";
    }

    /// <summary>What is to be changed.</summary>
    public IReadOnlyList<PlannedChange> Changes => _changes;

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Compares.</summary>
    /// <param name="sessions">The policies that are wanted in the role.</param>
    public void Run(IReadOnlyList<SessionPolicy> sessions)
    {
        AddRole();
        AddProfile(MissingPolicies());
        foreach (string policy in MissingPolicies())
        {
            Change($"Attach policy {policy}", (name, token) =>
                _writer.AttachAsync(name, ManagedPolicies.Arn(_context.Partition, policy), token));
        }

        foreach (SessionPolicy policy in sessions)
        {
            AddInline(policy);
        }

        AddLegacy();
        AddRoleToProfile();
        WarnOfBoundary();
    }

    private List<string> MissingPolicies()
    {
        List<string> wanted = [ManagedPolicies.CoreName];
        if (_request.CloudWatchAgent)
        {
            wanted.Add(ManagedPolicies.CloudWatchName);
        }

        return wanted.FindAll(name =>
            !_state.Policies.Exists(policy => policy.PolicyArn == ManagedPolicies.Arn(_context.Partition, name)));
    }

    private void AddRole()
    {
        if (_state.Role is not { } role)
        {
            string bounded = _request.PermissionsBoundary is { } boundary ? $" and bounded by {boundary}" : string.Empty;
            Change(
                $"Create the role, trusted by {TrustPolicy.Ec2(_context.Partition)}{bounded}",
                (_, token) => CreateRoleAsync(token));
            return;
        }

        if (_request.Path is { } path && role.Path is { } actual && actual != path)
        {
            throw RoleErrors.PathMismatch(_request.Name, actual, path);
        }

        if (!TrustPolicy.TrustsEc2(role.AssumeRolePolicyDocument))
        {
            ReplaceTrust(role);
        }

        AddBoundary(role.PermissionsBoundary?.PermissionsBoundaryArn);
        AddTags(_state.IsForeign ? null : role.Tags, tags => Change(
            $"Tag the role: {string.Join(", ", tags.Select(tag => tag.Key))}",
            (name, token) => _writer.TagRoleAsync(name, tags, token)));
    }

    private void AddBoundary(string? actual)
    {
        if (_request.PermissionsBoundary is not { } wanted || wanted == actual)
        {
            return;
        }

        if (_state.IsForeign)
        {
            throw RoleErrors.BoundaryMismatch(_request.Name, actual, wanted);
        }

        Change(
            actual is null ? $"Set the permissions boundary {wanted}" : $"Replace the permissions boundary {actual} by {wanted}",
            (name, token) => _writer.SetBoundaryAsync(name, wanted, token));
    }

    private void AddProfile(List<string> missing)
    {
        // The note that policies are our doing comes before they do: a run that is killed between the two still knows when
        // it is time to undo.
        if (_state.Profile is not { } profile)
        {
            AttachedNote? note = _state.IsForeign && missing.Count > 0 ? AttachedNote.Of([]).With(missing) : null;
            ChangeProfile("Create the instance profile", token => _writer.CreateProfileAsync(_request, _profileName, note, token));
            return;
        }

        AddTags(_state.OwnsProfile ? profile.Tags : null, tags => ChangeProfile(
            $"Tag the instance profile: {string.Join(", ", tags.Select(tag => tag.Key))}",
            token => _writer.TagProfileAsync(_profileName, tags, token)));
        if (_state.IsForeign)
        {
            AddNote(missing, profile);
        }
    }

    private void AddNote(List<string> missing, InstanceProfile profile)
    {
        AttachedNote was = AttachedNote.Of(_state.OwnsProfile ? profile.Tags : _state.Role!.Tags);
        AttachedNote note = was.With(missing);
        if (note.Policies.Count == was.Policies.Count)
        {
            return;
        }

        KeyValuePair<string, string>[] tags = [new(SsmToolsTag.AttachedPolicyKey, note.Text)];
        string words = $"Note in a tag that {string.Join(" and ", missing)} was not there before";
        if (_state.OwnsProfile)
        {
            ChangeProfile(words, token => _writer.TagProfileAsync(_profileName, tags, token));
        }
        else
        {
            Change(words, (name, token) => _writer.TagRoleAsync(name, tags, token));
        }
    }

    private void AddTags(List<Tag>? actual, Action<List<KeyValuePair<string, string>>> change)
    {
        if (actual is not null
            && _request.Tags.Where(tag => IamReader.TagOf(actual, tag.Key) != tag.Value).ToList() is { Count: > 0 } missing)
        {
            change(missing);
        }
    }

    private void AddInline(SessionPolicy policy)
    {
        string? actual = _state.Inline.GetValueOrDefault(policy.Name);
        if (!PolicyJson.IsSame(actual, policy.Document))
        {
            Change(
                $"{(actual is null ? "Add" : "Change")} inline policy {policy.Name}, to {policy.What}",
                (name, token) => _writer.PutInlineAsync(name, policy, token));
        }
    }

    private void AddLegacy()
    {
        string arn = ManagedPolicies.LegacyArn(_context.Partition);
        if (!_state.Policies.Exists(policy => policy.PolicyArn == arn))
        {
            return;
        }

        if (_request.ReplaceLegacyPolicy)
        {
            Change(
                $"Detach the deprecated policy {ManagedPolicies.LegacyName}",
                (name, token) => _writer.DetachAsync(name, arn, token));
        }
        else
        {
            _warnings.Add(
                $"Role {_request.Name} still has the deprecated policy {ManagedPolicies.LegacyName}, which grants more"
                + $" than an agent needs. {ManagedPolicies.CoreName} takes its place: -ReplaceLegacyPolicy detaches the old one.");
        }
    }

    private void AddRoleToProfile()
    {
        string? holder = _state.Profile?.Roles.FirstOrDefault()?.RoleName;
        if (holder is not null && !RoleRules.IsSame(holder, _request.Name))
        {
            throw RoleErrors.ProfileConflict(_profileName, _request.Name, holder);
        }

        if (holder is null)
        {
            ChangeProfile(
                $"Add role {_request.Name}", token => _writer.AddRoleAsync(_profileName, _request.Name, token));
        }
    }

    private void WarnOfBoundary()
    {
        if (_state.Boundary is { } boundary && AgentRights.Missing([boundary]) is { Count: > 0 } missing)
        {
            string? arn = _request.PermissionsBoundary ?? _state.Role?.PermissionsBoundary?.PermissionsBoundaryArn;
            _warnings.Add(
                $"The permissions boundary {arn} does not allow {string.Join(", ", missing)}:"
                + $" instances with role {_request.Name} will not register, whatever its policies allow.");
        }
    }

    private void ReplaceTrust(Role role)
    {
        if (!_request.ReplaceTrust)
        {
            throw RoleErrors.TrustMismatch(_request.Name, role.AssumeRolePolicyDocument);
        }

        Change(
            $"Replace the trust policy ({TrustPolicy.Principals(role.AssumeRolePolicyDocument)})"
                + $" by one that trusts {TrustPolicy.Ec2(_context.Partition)}",
            (name, token) => _writer.ReplaceTrustAsync(name, token));
    }

    private async Task CreateRoleAsync(CancellationToken cancellationToken)
    {
        if (!await _writer.CreateRoleAsync(_request, cancellationToken).ConfigureAwait(false))
        {
            Role? role = await _reader.FindRoleAsync(_request.Name, cancellationToken).ConfigureAwait(false);
            if (role is not null && !TrustPolicy.TrustsEc2(role.AssumeRolePolicyDocument))
            {
                throw RoleErrors.TrustMismatch(_request.Name, role.AssumeRolePolicyDocument);
            }
        }
    }

    private void Change(string action, Func<string, CancellationToken, Task> apply) =>
        _changes.Add(new PlannedChange(_roleTarget, action, token => apply(_request.Name, token)));

    private void ChangeProfile(string action, Func<CancellationToken, Task> apply) =>
        _changes.Add(new PlannedChange(_profileTarget, action, apply));
}
