namespace SsmTools.Sandbox.World;

/// <summary>A key that EC2 Instance Connect has put on an instance, where it stays for a minute.</summary>
internal sealed record PushedKey(string User, string PublicKey, DateTimeOffset Until);
