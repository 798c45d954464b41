using System.Text;

namespace SsmTools.Engine.Remoting;

/// <summary>Writes what ssh's configuration says of nodes (ssh_config(5)).</summary>
public static class SshConfigText
{
    /// <summary>The cmdlet that ssh starts.</summary>
    public const string ProxyCmdlet = "Connect-SsmSshProxy";

    /// <summary>The lines of a Host block, each with a line feed at its end.</summary>
    /// <exception cref="EngineException">
    /// SshConfigValueInvalid for what cannot be written there; KeyFileNotFound where a public key is to be sent and there
    /// is none.
    /// </exception>
    public static string Write(SshConfigOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        StringBuilder text = new();
        text.Append("Host");
        foreach (string host in options.Hosts)
        {
            text.Append(' ').Append(Plain(host, "host pattern"));
        }

        text.Append('\n');
        if (options.User is { } user)
        {
            text.Append("    User ").Append(Quoted(user, "user")).Append('\n');
        }

        if (options.KeyFile is { } file)
        {
            text.Append("    IdentityFile ").Append(Quoted(Percents(file), "key file")).Append('\n');
        }

        text.Append("    ProxyCommand ").Append(ProxyCommand(options)).Append('\n');
        return text.ToString();
    }

    /// <summary>The line that ssh has the user's shell run, or on Windows starts itself; %h, %p and %r are ssh's.</summary>
    private static string ProxyCommand(SshConfigOptions options)
    {
        StringBuilder script = new();
        script.Append("Import-Module ").Append(Literal(options.Module)).Append("; ");
        script.Append(ProxyCmdlet).Append(" -InstanceId '%h' -Port %p");
        if (options.InstanceConnect)
        {
            script.Append(" -UserName '%r' -PublicKeyFile ").Append(Literal(PublicKey(options)));
        }

        foreach ((string parameter, string value) in options.ProxyParameters)
        {
            script.Append(" -").Append(parameter).Append(' ').Append(Literal(value));
        }

        string program = options.PowerShell.AsSpan().ContainsAny(" '&()")
            ? Argument(Line(options.PowerShell, "path of PowerShell"), options.IsWindows)
            : Line(options.PowerShell, "path of PowerShell");
        return $"{Percents(program)} -NoLogo -NoProfile -NonInteractive -Command {Argument(script.ToString(), options.IsWindows)}";
    }

    private static string PublicKey(SshConfigOptions options)
    {
        string path = options.KeyFile is { } file ? file + ".pub" : InstanceConnect.FindUsualKey(options.Home);
        return File.Exists(path)
            ? path
            : throw new EngineException(
                "KeyFileNotFound",
                ErrorKind.ObjectNotFound,
                $"EC2 Instance Connect is to send the public key of {options.KeyFile}, and there is no {path}.",
                $"Write it: ssh-keygen -y -f {options.KeyFile} > {path}",
                path);
    }

    /// <summary>Text for PowerShell that it takes as it is; and % doubled, which ssh replaces.</summary>
    private static string Literal(string value) =>
        $"'{Percents(Line(value, "value")).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>
    /// One argument, for a POSIX shell or for Windows' own way of splitting a command line. Both know double quotes.
    /// </summary>
    private static string Argument(string text, bool isWindows)
    {
        if (isWindows)
        {
            return text.Contains('"', StringComparison.Ordinal) ? throw Invalid(text, "value") : $"\"{text}\"";
        }

        StringBuilder quoted = new("\"");
        foreach (char letter in text)
        {
            if (letter is '"' or '\\' or '$' or '`')
            {
                quoted.Append('\\');
            }

            quoted.Append(letter);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A value of the file itself, which knows no way to write a quote within quotes.</summary>
    private static string Quoted(string value, string what) =>
        Line(value, what).Contains('"', StringComparison.Ordinal) ? throw Invalid(value, what)
        : value.AsSpan().ContainsAny(" \t#") ? $"\"{value}\""
        : value;

    private static string Plain(string value, string what) =>
        value.Length == 0 || value.AsSpan().ContainsAny(" \t\"#") ? throw Invalid(value, what) : Line(value, what);

    private static string Line(string value, string what) =>
        value.Any(char.IsControl) ? throw Invalid(value, what) : value;

    private static string Percents(string value) => value.Replace("%", "%%", StringComparison.Ordinal);

    private static EngineException Invalid(string value, string what) => new(
        "SshConfigValueInvalid",
        ErrorKind.InvalidArgument,
        $"The {what} \"{value}\" cannot be written into ssh's configuration.",
        "Leave quotes and control characters out.",
        value);
}
