using System.Globalization;
using System.Net;
using System.Text;

namespace SsmTools.Engine.Remoting;

/// <summary>
/// The file that tells a Remote Desktop client where to connect. A password in it is one that Windows has encrypted for
/// this user.
/// </summary>
internal static class RdpFile
{
    /// <summary>The file's text.</summary>
    /// <exception cref="EngineException">InvalidUserName.</exception>
    public static string Text(IPEndPoint endpoint, string userName, string? protectedPassword = null)
    {
        if (userName.Length == 0 || userName.Any(char.IsControl))
        {
            throw new EngineException(
                "InvalidUserName",
                ErrorKind.InvalidArgument,
                "The user's name is empty or has control characters in it.",
                "Name a user of the node: Administrator, or DOMAIN\\user.",
                userName);
        }

        StringBuilder text = new();
        Add("full address", 's', endpoint.ToString());
        Add("username", 's', userName);
        Add("prompt for credentials", 'i', "0");

        // The certificate names the node, or nobody, and the client connects to the tunnel: comparing them tells nothing.
        // That the other end is the node is what Systems Manager answers for.
        Add("authentication level", 'i', "0");
        Add("enablecredsspsupport", 'i', "1");
        Add("autoreconnection enabled", 'i', "1");
        Add("redirectclipboard", 'i', "1");
        if (protectedPassword is not null)
        {
            Add("password 51", 'b', protectedPassword);
        }

        return text.ToString();

        void Add(string name, char type, string value) =>
            text.Append(CultureInfo.InvariantCulture, $"{name}:{type}:{value}\r\n");
    }

    /// <summary>Writes it into a folder. Windows' client has its files in UTF-16.</summary>
    /// <returns>The path.</returns>
    public static async Task<string> WriteAsync(
        string folder,
        IPEndPoint endpoint,
        string userName,
        string? protectedPassword,
        bool isWindows,
        CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, "node.rdp");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = PrivateFiles.OwnersFile;
        }

        Encoding encoding = isWindows ? Encoding.Unicode : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        StreamWriter writer = new(path, encoding, options);
        await using (writer.ConfigureAwait(false))
        {
            await writer.WriteAsync(Text(endpoint, userName, protectedPassword).AsMemory(), cancellationToken).ConfigureAwait(false);
        }

        return path;
    }
}
