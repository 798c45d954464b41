using System.Security;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Remoting;

/// <summary>
/// The password that Windows chose for its administrator when the instance first started. EC2 keeps it encrypted with the
/// public half of the key pair that the instance was launched with (RSA, PKCS #1 version 1.5).
/// </summary>
public static class AdministratorPassword
{
    private const string KeyAdvice = "Name the private key of the pair that the instance was launched with.";

    /// <summary>Fetches it and decrypts it here; the private key goes nowhere.</summary>
    /// <param name="aws">Whom to ask, and as whom.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="keyFile">The private key, in PEM.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The password, to be disposed of.</returns>
    /// <exception cref="EngineException">
    /// KeyFileNotFound, KeyFileNotUnderstood, KeyDoesNotFit; PasswordNotAvailable where there is none, or none yet; what
    /// the service refused.
    /// </exception>
    public static async Task<SecureString> GetAsync(
        AwsContext aws, string instanceId, string keyFile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(aws);
        ArgumentNullException.ThrowIfNull(instanceId);
        ArgumentNullException.ThrowIfNull(keyFile);
        using RSA key = await ReadKeyAsync(keyFile, cancellationToken).ConfigureAwait(false);
        if (!NodeIds.IsInstance(instanceId))
        {
            throw NotAvailable(instanceId, $"{instanceId} is no EC2 instance, and EC2 keeps no password of it.");
        }

        GetPasswordDataResponse response;
        try
        {
            response = await aws.Ec2.GetPasswordDataAsync(
                new GetPasswordDataRequest { InstanceId = instanceId }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw AwsErrors.Translate(e, instanceId);
        }

        return Decrypt(key, response.PasswordData, instanceId, keyFile);
    }

    internal static SecureString Decrypt(RSA key, string? data, string instanceId, string keyFile)
    {
        if (string.IsNullOrWhiteSpace(data))
        {
            throw NotAvailable(instanceId, $"EC2 has no administrator's password of {instanceId}.");
        }

        byte[] password = [];
        try
        {
            password = key.Decrypt(Convert.FromBase64String(data), RSAEncryptionPadding.Pkcs1);
            return Protect(password);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new EngineException(
                "KeyDoesNotFit",
                ErrorKind.InvalidArgument,
                $"The administrator's password of {instanceId} cannot be decrypted with {keyFile}.",
                KeyAdvice,
                keyFile);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    private static SecureString Protect(byte[] password)
    {
        char[] letters = Encoding.UTF8.GetChars(password);
        SecureString secure = new();
        foreach (char letter in letters)
        {
            secure.AppendChar(letter);
        }

        Array.Clear(letters);
        secure.MakeReadOnly();
        return secure;
    }

    private static async Task<RSA> ReadKeyAsync(string path, CancellationToken cancellationToken)
    {
        string pem = await KeyFiles.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        RSA key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);

            // A public key can be imported too, and decrypts nothing.
            key.ExportParameters(includePrivateParameters: true);
            return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new EngineException(
                "KeyFileNotUnderstood",
                ErrorKind.InvalidArgument,
                Problem(pem, path),
                Advice(pem, path),
                path);
        }
    }

    private static string Problem(string pem, string path) =>
        IsOpenSsh(pem) ? $"{path} is a key in OpenSSH's own format, and PEM is needed here."
        : IsEncrypted(pem) ? $"{path} is a key that a passphrase protects, and there is nobody here to ask for it."
        : $"{path} is not a private RSA key in PEM; Windows instances have no other.";

    private static string Advice(string pem, string path) =>
        IsOpenSsh(pem) ? $"Convert a copy of it: ssh-keygen -p -m PEM -f {path}"
        : IsEncrypted(pem) ? $"Decrypt a copy of it: openssl rsa -in {path} -out key.pem"
        : KeyAdvice;

    private static bool IsOpenSsh(string pem) => pem.Contains("BEGIN OPENSSH PRIVATE KEY", StringComparison.Ordinal);

    private static bool IsEncrypted(string pem) => pem.Contains("ENCRYPTED", StringComparison.Ordinal);

    private static EngineException NotAvailable(string instanceId, string message) => new(
        "PasswordNotAvailable",
        ErrorKind.ResourceUnavailable,
        message,
        "An instance has one about 4 minutes after its first start, if it runs Windows and was launched with a key pair of type RSA; otherwise leave -KeyFile out and sign in with a password that you know.",
        instanceId);
}
