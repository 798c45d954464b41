using System.Globalization;
using System.Text;

namespace SsmTools.Engine.Protocol;

/// <summary>The payload of <see cref="PayloadType.ExitCode"/>: <c>EXIT_CODE: n</c> (amazon-ssm-agent, session/shell/shell.go).</summary>
internal static class ExitCodePayload
{
    private const string Prefix = "EXIT_CODE:";

    /// <summary>The code; null where the text is another.</summary>
    public static int? TryRead(ReadOnlySpan<byte> payload)
    {
        string text = Encoding.UTF8.GetString(payload);
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(Prefix.Length), NumberStyles.Integer, CultureInfo.InvariantCulture, out int code)
                ? code
                : null;
    }
}
