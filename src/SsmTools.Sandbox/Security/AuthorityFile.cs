using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SsmTools.Engine;

namespace SsmTools.Sandbox.Security;

/// <summary>The file in which clients find the certificate of the sandbox's authority; gone with the sandbox.</summary>
internal sealed class AuthorityFile : IDisposable
{
    private readonly string _pem;

    private AuthorityFile(string path, string pem)
    {
        Path = path;
        _pem = pem;
    }

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Writes it.</summary>
    /// <param name="path">Where; one that an earlier sandbox left may be there, anything else may not.</param>
    /// <param name="pem">The certificate.</param>
    /// <exception cref="EngineException">CaFileNotWritten: something else is there, or nothing can be written there.</exception>
    public static AuthorityFile Write(string path, string pem)
    {
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            if (File.Exists(full) && !IsOfSandbox(full))
            {
                throw NotWritten(full, "It exists, and no sandbox has written it.", null);
            }

            // Beside it first: nobody ever reads half a certificate.
            string fresh = $"{full}.{Guid.NewGuid():N}";
            File.WriteAllText(fresh, pem);
            File.Move(fresh, full, overwrite: true);
            return new AuthorityFile(full, pem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(full, e.Message, e);
        }
    }

    /// <summary>Deletes it, unless a later sandbox has put its own there.</summary>
    public void Dispose()
    {
        try
        {
            if (File.ReadAllText(Path) == _pem)
            {
                File.Delete(Path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone already, or out of reach: a certificate without a key does no harm.
        }
    }

    private static bool IsOfSandbox(string path)
    {
        try
        {
            X509Certificate2Collection found = [];
            found.ImportFromPem(File.ReadAllText(path));
            bool isOurs = found is [X509Certificate2 one] && one.Subject == ThrowAwayAuthority.Name;
            foreach (X509Certificate2 certificate in found)
            {
                certificate.Dispose();
            }

            return isOurs;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static EngineException NotWritten(string path, string why, Exception? inner) => new(
        "CaFileNotWritten",
        ErrorKind.InvalidArgument,
        $"The sandbox cannot write its authority's certificate to {path}: {why}",
        "Name a file that does not exist yet, in a directory that you may write to.",
        path,
        inner);
}
