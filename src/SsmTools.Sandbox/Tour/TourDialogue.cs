using System.Text.RegularExpressions;

namespace SsmTools.Sandbox.Tour;

/// <summary>What is typed into the session's shell, and what is read from its screen.</summary>
internal sealed partial class TourDialogue(ScriptedTerminal terminal, Task session)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string[] _script = OperatingSystem.IsWindows() ? TourScript.PowerShell : TourScript.Posix;

    /// <summary>Gets the lines that were on the screen, without escape sequences and prompts.</summary>
    public IReadOnlyList<string> Transcript { get; private set; } = [];

    /// <summary>Reads the ARN of the instance profile from the metadata service, in the session.</summary>
    /// <exception cref="TourException">The shell did not answer, or with something else.</exception>
    public async Task<string> ReadProfileArnAsync(CancellationToken cancellationToken)
    {
        // A prompt shows that the shell reads; one that has none is typed to all the same.
        await terminal.ExpectAsync(screen => screen.Length > 0, TimeSpan.FromSeconds(3), cancellationToken)
            .ConfigureAwait(false);
        foreach (string line in _script)
        {
            terminal.Type(line + "\r");
        }

        bool done = await terminal
            .ExpectAsync(screen => screen.Contains(TourScript.End, StringComparison.Ordinal) || session.IsCompleted, s_patience, cancellationToken)
            .ConfigureAwait(false);
        string screen = Escapes().Replace(terminal.Screen, string.Empty).Replace("\r", string.Empty, StringComparison.Ordinal);
        Match arn = ProfileArn().Match(screen);
        Transcript = [.. Interesting(screen)];
        return arn.Success ? arn.Groups[1].Value : throw new TourException(
            (done ? "The metadata service did not answer with iam/info." : "The shell did not answer in time.")
            + $" It shows: {(screen.Length > 600 ? screen[^600..] : screen)}");
    }

    private static string[] Interesting(string screen)
    {
        int begin = screen.IndexOf(TourScript.Begin, StringComparison.Ordinal);
        int end = screen.LastIndexOf(TourScript.End, StringComparison.Ordinal);
        return begin < 0 || end <= begin
            ? []
            : screen[(begin + TourScript.Begin.Length)..end]
                .Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).ToArray();
    }

    [GeneratedRegex(@"""InstanceProfileArn""\s*:\s*""([^""]+)""")]
    private static partial Regex ProfileArn();

    // CSI and OSC sequences, and the two-character ones.
    [GeneratedRegex(@"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\^_=>])")]
    private static partial Regex Escapes();
}
