namespace SsmTools.Engine.Access;

/// <summary>Whom a policy is attached to.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Name">The name, without path.</param>
internal sealed record PolicyHolder(PolicyHolderKind Kind, string Name)
{
    /// <summary>For example <c>user/ann</c>.</summary>
    public override string ToString() => $"{Word}/{Name}";

    /// <summary>What it is, in words.</summary>
    public string Word => Kind switch { PolicyHolderKind.User => "user", PolicyHolderKind.Role => "role", _ => "group" };

    /// <summary>Whether both are one: IAM does not tell upper case from lower.</summary>
    public bool IsSame(PolicyHolder other) =>
        Kind == other.Kind && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);
}
