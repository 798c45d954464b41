using System.Text.RegularExpressions;

namespace SsmTools.Engine.Diagnosis;

/// <summary>A check of what the machine wrote to its console, made only where nothing else explains what is wrong.</summary>
internal abstract class ConsoleCheck(string id) : Check(id)
{
    private const int LongestLine = 160;

    /// <inheritdoc/>
    public sealed override Finding? Examine(Scene scene) =>
        scene.Instance.Value is null || scene.IsExplained || scene.IsOnline ? null
        : scene.Console.Obstacle is { } obstacle ? Unknown(obstacle)
        : scene.Console.Value is not { } text ? null
        : Examine(scene, text);

    /// <summary>Looks at what the console shows.</summary>
    protected abstract Finding? Examine(Scene scene, string console);

    /// <summary>The last line that fits, trimmed to what can be read; null for none.</summary>
    protected static string? LastLine(string console, Regex pattern)
    {
        string? last = null;
        foreach (string line in console.Split('\n'))
        {
            if (pattern.IsMatch(line))
            {
                last = line;
            }
        }

        return last is null ? null : Printable(last);
    }

    // A console holds whatever programs wrote to it.
    private static string Printable(string line)
    {
        string text = string.Concat(line.Where(c => !char.IsControl(c))).Trim();
        return text.Length > LongestLine ? text[..LongestLine] + "…" : text;
    }
}
