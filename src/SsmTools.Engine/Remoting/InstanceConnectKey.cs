namespace SsmTools.Engine.Remoting;

/// <summary>A public key that EC2 Instance Connect is to put on an instance.</summary>
/// <param name="User">Whom the key lets in: a user of the instance.</param>
/// <param name="PublicKeyPath">The file with the public key, in OpenSSH's format.</param>
public sealed record InstanceConnectKey(string User, string PublicKeyPath);
