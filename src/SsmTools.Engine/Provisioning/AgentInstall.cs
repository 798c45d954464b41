using System.Text;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// User data that installs the Systems Manager agent where the image has none, from AWS's own bucket of the region as
/// AWS documents it for Debian Server.
/// </summary>
internal static class AgentInstall
{
    private const string Boundary = "==ssmtools-user-data==";

    /// <summary>Where the package is.</summary>
    public static string PackageUrl(string region, string partition, string architecture)
    {
        string domain = partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
        string processor = architecture == Architectures.Arm64 ? "arm64" : "amd64";
        return $"https://s3.{region}.{domain}/amazon-ssm-{region}/latest/debian_{processor}/amazon-ssm-agent.deb";
    }

    /// <summary>The user data for an image without the agent: the installation, then what the user gave, if anything.</summary>
    public static string UserData(string packageUrl, string? users)
    {
        string script = Script(packageUrl);
        if (string.IsNullOrEmpty(users))
        {
            return script;
        }

        // Several parts is cloud-init's own way: https://cloudinit.readthedocs.io/en/latest/explanation/format.html
        StringBuilder mime = new();
        mime.Append("Content-Type: multipart/mixed; boundary=\"").Append(Boundary).Append("\"\nMIME-Version: 1.0\n\n");
        AppendPart(mime, "text/x-shellscript", script);
        AppendPart(mime, TypeOf(users), users);
        return mime.Append("--").Append(Boundary).Append("--\n").ToString();
    }

    private static void AppendPart(StringBuilder mime, string type, string text) => mime
        .Append("--").Append(Boundary).Append('\n')
        .Append("Content-Type: ").Append(type).Append("; charset=\"utf-8\"\n")
        .Append("MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n")
        .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(text), Base64FormattingOptions.InsertLineBreaks)
            .ReplaceLineEndings("\n"))
        .Append('\n');

    private static string TypeOf(string userData) =>
        userData.StartsWith("#cloud-config", StringComparison.Ordinal) ? "text/cloud-config"
        : userData.StartsWith("#include", StringComparison.Ordinal) ? "text/x-include-url"
        : userData.StartsWith("#cloud-boothook", StringComparison.Ordinal) ? "text/cloud-boothook"
        : "text/x-shellscript";

    private static string Script(string packageUrl) =>
        $"""
        #!/bin/sh
        # Installs the AWS Systems Manager agent, which this image does not bring.
        set -u
        if systemctl is-active --quiet amazon-ssm-agent; then exit 0; fi
        url='{packageUrl}'
        deb=$(mktemp --suffix=.deb)
        for attempt in 1 2 3 4 5 6 7 8 9 10; do
            if command -v curl >/dev/null 2>&1; then
                curl -fsSL -o "$deb" "$url" && break
            else
                wget -q -O "$deb" "$url" && break
            fi
            sleep 6
        done
        dpkg -i "$deb"
        rm -f "$deb"
        systemctl enable --now amazon-ssm-agent

        """.ReplaceLineEndings("\n");
}
