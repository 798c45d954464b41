using System.Globalization;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Choosing;

/// <summary>
/// Lets somebody choose one of several nodes: writes a numbered list, and reads what is answered to it. Knows no screen:
/// whoever has one shows <see cref="Lines"/> and <see cref="Prompt"/> and hands the answers to <see cref="Answer"/>.
/// </summary>
public sealed class NodePicker
{
    private const int Gap = 2;

    /// <summary>What the list's head, its foot, the prompt and a line of room take.</summary>
    private const int LinesAround = 5;

    private readonly (string Number, string Name, NodeRegistration Node)[] _all;
    private readonly int _width;
    private readonly int _pageSize;
    private (string Number, string Name, NodeRegistration Node)[] _listed;
    private int _first;

    /// <summary>Shows all of them.</summary>
    /// <param name="nodes">At least one. Numbered in the order of their names, whatever is shown of them.</param>
    /// <param name="width">The screen's width in cells.</param>
    /// <param name="height">The screen's height in lines.</param>
    public NodePicker(IEnumerable<NodeRegistration> nodes, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        _all =
        [
            .. nodes
                .OrderBy(node => string.IsNullOrEmpty(node.Name))
                .ThenBy(node => node.Name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(node => node.InstanceId, StringComparer.Ordinal)
                .Select((node, index) => (
                    (index + 1).ToString(CultureInfo.InvariantCulture), CellText.Plain(node.Name ?? string.Empty), node)),
        ];
        _width = Math.Max(width, 40);
        _pageSize = Math.Max(height - LinesAround, 5);
        _listed = _all;
    }

    /// <summary>What to ask after the list.</summary>
    public string Prompt => _listed.Length > _pageSize
        ? "Number or part of a name (+ and - turn the page, Enter leaves): "
        : "Number or part of a name (Enter leaves): ";

    /// <summary>The list as it is now: a head, the nodes of a page, and a foot where there are more.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            (string Number, string Name, NodeRegistration Node)[] page = [.. _listed.Skip(_first).Take(_pageSize)];
            int[] widths = Widths(page);
            List<string> lines = [Line(widths, "#", "Name", "InstanceId", "Ping status", "Platform")];
            foreach ((string number, string name, NodeRegistration node) in page)
            {
                lines.Add(Line(widths, number, name, node.InstanceId, Status(node), Platform(node)));
            }

            if (_listed.Length > page.Length)
            {
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{_first + 1} to {_first + page.Length} of {_listed.Length}"));
            }

            return lines;
        }
    }

    /// <summary>Reads an answer: a number, a part of a name or an id, <c>+</c> and <c>-</c>, nothing or <c>q</c>.</summary>
    /// <param name="text">What was typed; null where the input ended.</param>
    public NodePickerAnswer Answer(string? text)
    {
        string typed = text?.Trim() ?? string.Empty;
        switch (typed)
        {
            case "" or "q" or "Q":
                return new NodePickerAnswer { HasLeft = true };
            case "+" or "-":
                int first = _first + (typed == "+" ? _pageSize : -_pageSize);
                _first = first < 0 || first >= _listed.Length ? _first : first;
                return new NodePickerAnswer();
        }

        (string Number, string Name, NodeRegistration Node)[] found = Find(typed);
        if (found.Length == 1)
        {
            return new NodePickerAnswer { Node = found[0].Node };
        }

        if (found.Length > 0)
        {
            _listed = found;
            _first = 0;
            return new NodePickerAnswer();
        }

        return new NodePickerAnswer
        {
            Complaint = int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? $"There is no number {typed}, and no name with it."
                : $"No name or id here has '{CellText.Plain(typed)}' in it.",
        };
    }

    private static string Status(NodeRegistration node) =>
        node.State is { } state and not "running" ? state : node.PingStatus ?? "not registered";

    private static string Platform(NodeRegistration node) =>
        CellText.Plain($"{node.PlatformName ?? node.PlatformType} {node.PlatformVersion}".Trim());

    /// <summary>
    /// The nearest reading that fits anything: a number, an id or a whole name, a part of a name, a part of an id. Short
    /// numbers are in many ids, and then not meant.
    /// </summary>
    private (string Number, string Name, NodeRegistration Node)[] Find(string typed)
    {
        NamePattern part = new(typed.Contains('*', StringComparison.Ordinal) ? typed : $"*{typed}*");
        Predicate<(string Number, string Name, NodeRegistration Node)>[] readings =
        [
            one => one.Number == typed,
            one => one.Node.InstanceId == typed || string.Equals(one.Name, typed, StringComparison.OrdinalIgnoreCase),
            one => part.Matches(one.Name),
            one => part.Matches(one.Node.InstanceId) && !typed.All(char.IsAsciiDigit),
        ];
        return readings.Select(reading => Array.FindAll(_all, reading)).FirstOrDefault(found => found.Length > 0) ?? [];
    }

    /// <summary>
    /// Ids and states are shown whole; names get what they need of the rest, up to half of it where the platform needs
    /// room too.
    /// </summary>
    private int[] Widths((string Number, string Name, NodeRegistration Node)[] page)
    {
        int number = _all[^1].Number.Length;
        int id = page.Max(one => one.Node.InstanceId.Length);
        int status = Math.Max("Ping status".Length, page.Max(one => Status(one.Node).Length));
        int name = Math.Max("Name".Length, page.Max(one => CellText.Width(one.Name)));
        int platform = Math.Max("Platform".Length, page.Max(one => CellText.Width(Platform(one.Node))));

        // The last cell of a line is left empty: terminals differ in what they do after it is written.
        int rest = Math.Max(_width - 1 - number - id - status - (4 * Gap), 8);
        if (name + platform > rest)
        {
            name = Math.Min(name, Math.Max(rest - platform, rest / 2));
            platform = Math.Min(platform, rest - name);
        }

        return [number, name, id, status, platform];
    }

    private static string Line(int[] widths, string number, params string[] columns) => string.Join(
        new string(' ', Gap),
        columns.Select((column, index) => CellText.Fit(column, widths[index + 1])).Prepend(number.PadLeft(widths[0]))).TrimEnd();
}
