using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2InstanceConnect;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Remoting;

/// <summary>EC2 Instance Connect: a public key that an instance's ssh server takes for a minute.</summary>
internal static class InstanceConnect
{
    /// <summary>The longest key that the service takes.</summary>
    private const int MaxKeyLength = 4096;

    /// <summary>The keys that ssh itself would try, in its order, of the types that the service takes.</summary>
    private static readonly string[] s_usualKeys = ["id_ed25519.pub", "id_rsa.pub"];

    /// <summary>The first public key of those that ssh tries by itself.</summary>
    /// <exception cref="EngineException">KeyFileNotFound: there is none.</exception>
    public static string FindUsualKey(string home)
    {
        string folder = Path.Combine(home, ".ssh");
        return s_usualKeys.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new EngineException(
                "KeyFileNotFound",
                ErrorKind.ObjectNotFound,
                $"There is no ssh key in {folder} that EC2 Instance Connect takes: it wants one of type Ed25519 or RSA.",
                "Make one (ssh-keygen -t ed25519), or name another with -KeyFile.",
                folder);
    }

    /// <summary>Sends a key.</summary>
    /// <exception cref="EngineException">
    /// KeyFileNotFound, KeyFileNotUnderstood; InstanceConnectUnavailable for a node that is no instance; what the service
    /// refused.
    /// </exception>
    public static async Task SendAsync(AwsContext aws, string target, InstanceConnectKey key, CancellationToken cancellationToken)
    {
        if (!NodeIds.IsInstance(target))
        {
            throw new EngineException(
                "InstanceConnectUnavailable",
                ErrorKind.InvalidOperation,
                $"{target} is no EC2 instance, so that EC2 Instance Connect cannot put a key on it.",
                "Put the key into the user's authorized_keys on the node, and leave -InstanceConnect out.",
                target);
        }

        SendSSHPublicKeyRequest request = new()
        {
            InstanceId = target,
            InstanceOSUser = key.User,
            SSHPublicKey = await ReadAsync(key.PublicKeyPath, cancellationToken).ConfigureAwait(false),
        };
        try
        {
            await aws.Ec2InstanceConnect.SendSSHPublicKeyAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw AwsErrors.Translate(e, target);
        }
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        string text = (await KeyFiles.ReadAsync(path, cancellationToken).ConfigureAwait(false)).Trim();
        return text.Length <= MaxKeyLength && !text.Contains('\n', StringComparison.Ordinal)
            && (text.StartsWith("ssh-rsa ", StringComparison.Ordinal) || text.StartsWith("ssh-ed25519 ", StringComparison.Ordinal))
            ? text
            : throw new EngineException(
                "KeyFileNotUnderstood",
                ErrorKind.InvalidArgument,
                $"{path} is not a public key that EC2 Instance Connect takes: one line of ssh-ed25519 or ssh-rsa.",
                "Name the file with the public key; ssh-keygen makes one beside each private key, with .pub at its end.",
                path);
    }
}
