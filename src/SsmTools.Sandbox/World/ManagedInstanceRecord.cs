namespace SsmTools.Sandbox.World;

/// <summary>What a machine that is no instance registered with: its key, and the role that it gets.</summary>
internal sealed class ManagedInstanceRecord
{
    public required string Id { get; init; }

    /// <summary>Gets or sets its public key: RSA, SubjectPublicKeyInfo.</summary>
    public required byte[] PublicKey { get; set; }

    /// <summary>Gets what the machine knows itself by; another one is another machine with a copied key.</summary>
    public required string Fingerprint { get; init; }

    public required string RoleName { get; init; }
}
