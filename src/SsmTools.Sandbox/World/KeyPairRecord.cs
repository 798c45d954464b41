namespace SsmTools.Sandbox.World;

/// <summary>A key pair, of which EC2 keeps the public half.</summary>
internal sealed class KeyPairRecord : Resource
{
    public override string ResourceType => "key-pair";

    public required string Name { get; init; }

    /// <summary>Gets the public key in OpenSSH's form: type and base64.</summary>
    public required string PublicKey { get; init; }

    public required string Fingerprint { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Gets what Windows encrypts the administrator's password with: the modulus and the exponent; null where it is no RSA key.</summary>
    public (byte[] Modulus, byte[] Exponent)? Rsa { get; init; }
}
