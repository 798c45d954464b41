namespace SsmTools.Sandbox.World;

/// <summary>What policies say of a request.</summary>
internal enum PolicyVerdict
{
    /// <summary>No statement is about it.</summary>
    ImplicitDeny,

    /// <summary>A statement allows it and none denies it.</summary>
    Allowed,

    /// <summary>A statement denies it.</summary>
    ExplicitDeny,
}
