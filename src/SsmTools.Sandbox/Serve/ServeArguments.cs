using System.Globalization;

namespace SsmTools.Sandbox.Serve;

/// <summary>The arguments of <c>serve</c>.</summary>
internal sealed record ServeArguments(int Port, bool Json, bool UntilInputCloses)
{
    /// <summary>Faults to switch on.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>What their chance begins with.</summary>
    public int Seed { get; init; }

    /// <summary>The port for TLS; null for none.</summary>
    public int? TlsPort { get; init; }

    /// <summary>Where the certificate of its authority goes; null for a file in the sandbox's own directory.</summary>
    public string? CaFile { get; init; }

    /// <summary>Reads them; null where there is one that is not known or not right.</summary>
    public static ServeArguments? Parse(ReadOnlySpan<string> arguments)
    {
        ServeArguments parsed = new(0, false, false);
        while (!arguments.IsEmpty)
        {
            switch (arguments)
            {
                case ["--port", string text, ..] when ushort.TryParse(text, CultureInfo.InvariantCulture, out ushort port):
                    parsed = parsed with { Port = port };
                    arguments = arguments[2..];
                    break;
                case ["--tls-port", string text, ..] when ushort.TryParse(text, CultureInfo.InvariantCulture, out ushort tlsPort):
                    parsed = parsed with { TlsPort = tlsPort };
                    arguments = arguments[2..];
                    break;
                case ["--ca-file", string { Length: > 0 } file, ..]:
                    parsed = parsed with { CaFile = file, TlsPort = parsed.TlsPort ?? 0 };
                    arguments = arguments[2..];
                    break;
                case ["--json", ..]:
                    parsed = parsed with { Json = true };
                    arguments = arguments[1..];
                    break;
                case ["--fault", string fault, ..]:
                    parsed = parsed with { Faults = [.. parsed.Faults, fault] };
                    arguments = arguments[2..];
                    break;
                case ["--seed", string text, ..] when int.TryParse(text, CultureInfo.InvariantCulture, out int seed):
                    parsed = parsed with { Seed = seed };
                    arguments = arguments[2..];
                    break;
                case ["--until-stdin-closes", ..]:
                    parsed = parsed with { UntilInputCloses = true };
                    arguments = arguments[1..];
                    break;
                default:
                    return null;
            }
        }

        return parsed;
    }
}
