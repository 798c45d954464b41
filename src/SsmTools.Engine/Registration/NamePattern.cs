using System.Text;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Registration;

/// <summary>
/// A name as PowerShell users write it: <c>*</c>, <c>?</c> and <c>[a-z]</c> stand for others, a backtick takes that
/// from the character after it, and case counts only where no character stands for others, as it does for AWS.
/// </summary>
internal sealed class NamePattern
{
    private readonly string _text;
    private readonly List<Part> _parts = [];

    /// <summary>Reads a pattern. A bracket that is never closed stands for itself.</summary>
    public NamePattern(string text)
    {
        _text = text;
        for (int at = 0; at < text.Length; at++)
        {
            at = ReadPart(text, at);
        }
    }

    private enum PartKind
    {
        Character,
        One,
        Any,
        Set,
    }

    /// <summary>Whether some part stands for others, so that more than one name can match.</summary>
    public bool HasWildcards => _parts.Exists(part => part.Kind != PartKind.Character);

    /// <summary>
    /// What EC2's filters are asked for, to get everything that matches and as little else as they can tell apart: they
    /// know <c>*</c> and <c>?</c> and no sets, and to them case counts.
    /// </summary>
    public IReadOnlyList<string> FilterValues
    {
        get
        {
            if (!HasWildcards)
            {
                return [FilterText.Literal(Plain)];
            }

            StringBuilder coarse = new();
            foreach (Part part in _parts)
            {
                coarse.Append(part.Kind switch
                {
                    PartKind.Any => "*",
                    PartKind.Character when !HasCase(part.Character) =>
                        FilterText.Literal(part.Character.ToString()),
                    _ => "?",
                });
            }

            // A name may contain such characters itself: web[1] is found by web[1].
            return [coarse.ToString(), FilterText.Literal(_text)];
        }
    }

    /// <summary>Whether a name is meant. One that is written exactly like the pattern always is.</summary>
    public bool Matches(string name)
    {
        if (string.Equals(name, _text, StringComparison.Ordinal))
        {
            return true;
        }

        if (!HasWildcards)
        {
            return string.Equals(name, Plain, StringComparison.Ordinal);
        }

        // On a mismatch the last star takes one character more; earlier ones need not change.
        int part = 0;
        int star = -1;
        int starAt = 0;
        for (int at = 0; at < name.Length;)
        {
            if (part < _parts.Count && _parts[part].Kind == PartKind.Any)
            {
                star = part++;
                starAt = at;
            }
            else if (part < _parts.Count && _parts[part].Fits(name[at]))
            {
                part++;
                at++;
            }
            else if (star >= 0)
            {
                part = star + 1;
                at = ++starAt;
            }
            else
            {
                return false;
            }
        }

        return _parts.Skip(part).All(rest => rest.Kind == PartKind.Any);
    }

    /// <summary>The name without backticks; for a pattern without wildcards.</summary>
    private string Plain => string.Concat(_parts.Select(part => part.Character));

    private static bool HasCase(char character) => char.ToUpperInvariant(character) != char.ToLowerInvariant(character);

    /// <returns>Where the part ends.</returns>
    private int ReadPart(string text, int at)
    {
        switch (text[at])
        {
            case '*':
                _parts.Add(new Part(PartKind.Any, '*', null));
                return at;
            case '?':
                _parts.Add(new Part(PartKind.One, '?', null));
                return at;
            case '`' when at + 1 < text.Length:
                _parts.Add(new Part(PartKind.Character, text[at + 1], null));
                return at + 1;

            // The first character of a set may be the bracket that would end it.
            case '[' when at + 2 < text.Length && text.IndexOf(']', at + 2) is > 0 and int end:
                _parts.Add(new Part(PartKind.Set, '[', text[(at + 1)..end]));
                return end;
            default:
                _parts.Add(new Part(PartKind.Character, text[at], null));
                return at;
        }
    }

    private readonly record struct Part(PartKind Kind, char Character, string? Set)
    {
        public bool Fits(char character) => Kind switch
        {
            PartKind.Set => InSet(char.ToLowerInvariant(character)) || InSet(char.ToUpperInvariant(character)),
            PartKind.Character => char.ToLowerInvariant(character) == char.ToLowerInvariant(Character),
            _ => true,
        };

        private bool InSet(char character)
        {
            for (int at = 0; at < Set!.Length; at++)
            {
                bool isRange = at + 2 < Set.Length && Set[at + 1] == '-';
                if (isRange ? character >= Set[at] && character <= Set[at + 2] : character == Set[at])
                {
                    return true;
                }

                at += isRange ? 2 : 0;
            }

            return false;
        }
    }
}
