using System.Text;

namespace SsmTools.Sandbox.Logs;

/// <summary>
/// What a message must contain: words that all have to be there, <c>-word</c> that must not, <c>?word</c> of which one has
/// to. Quotes hold blanks together. Patterns of fields are refused rather than guessed at.
/// </summary>
internal sealed class FilterPattern
{
    private readonly List<string> _all = [];
    private readonly List<string> _none = [];
    private readonly List<string> _any = [];

    private FilterPattern()
    {
    }

    public static FilterPattern Parse(string text)
    {
        string trimmed = text.Trim();
        if (trimmed.StartsWith('{') || trimmed.StartsWith('[') || trimmed.StartsWith('%'))
        {
            throw LogErrors.Invalid("Invalid filter pattern: only terms are understood here.");
        }

        FilterPattern pattern = new();
        foreach (string term in Terms(trimmed))
        {
            switch (term[0])
            {
                case '-' when term.Length > 1:
                    pattern._none.Add(Plain(term[1..]));
                    break;
                case '?' when term.Length > 1:
                    pattern._any.Add(Plain(term[1..]));
                    break;
                default:
                    pattern._all.Add(Plain(term));
                    break;
            }
        }

        return pattern;
    }

    public bool Matches(string message)
    {
        return _all.TrueForAll(Contains) && !_none.Exists(Contains) && (_any.Count == 0 || _any.Exists(Contains));

        bool Contains(string term) => message.Contains(term, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Terms(string text)
    {
        StringBuilder term = new();
        bool isQuoted = false;
        foreach (char one in text)
        {
            isQuoted ^= one == '"';
            if (one == ' ' && !isQuoted)
            {
                if (term.Length > 0)
                {
                    yield return term.ToString();
                }

                term.Clear();
            }
            else
            {
                term.Append(one);
            }
        }

        if (isQuoted)
        {
            throw LogErrors.Invalid("Invalid filter pattern: a quote is not closed.");
        }

        if (term.Length > 0)
        {
            yield return term.ToString();
        }
    }

    private static string Plain(string term) => term.Trim('"');
}
