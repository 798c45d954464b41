namespace SsmTools.Engine.Access;

/// <summary>What can have policies.</summary>
internal enum PolicyHolderKind
{
    /// <summary>A user of IAM.</summary>
    User,

    /// <summary>A role.</summary>
    Role,

    /// <summary>A group of users.</summary>
    Group,
}
