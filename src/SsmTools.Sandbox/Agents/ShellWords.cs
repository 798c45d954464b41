using System.Text;

namespace SsmTools.Sandbox.Agents;

/// <summary>
/// Splits a command line as the real agent does for commands without a terminal, which no shell sees: blanks, quotes,
/// backslashes and comments (github.com/google/shlex).
/// </summary>
internal static class ShellWords
{
    /// <summary>The words.</summary>
    /// <exception cref="AgentException">A quote is not closed, or nothing follows a backslash.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            switch (character)
            {
                case ' ' or '\t' or '\r' or '\n':
                    Add(words, ref word);
                    break;
                case '#' when word is null:
                    i = text.IndexOf('\n', i) is int end and >= 0 ? end : text.Length;
                    break;
                case '\\':
                    (word ??= new StringBuilder()).Append(++i < text.Length ? text[i] : throw Unfinished("escape character"));
                    break;
                case '\'':
                    int close = text.IndexOf('\'', i + 1);
                    (word ??= new StringBuilder()).Append(close >= 0 ? text[(i + 1)..close] : throw Unfinished("closing quote"));
                    i = close;
                    break;
                case '"':
                    i = Quoted(text, i + 1, word ??= new StringBuilder());
                    break;
                default:
                    (word ??= new StringBuilder()).Append(character);
                    break;
            }
        }

        Add(words, ref word);
        return words;
    }

    private static int Quoted(string text, int start, StringBuilder word)
    {
        for (int i = start; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                return i;
            }

            // Whatever follows a backslash is taken as it is; a shell would be choosier.
            i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
            word.Append(text[i]);
        }

        throw Unfinished("closing quote");
    }

    private static void Add(List<string> words, ref StringBuilder? word)
    {
        if (word is not null)
        {
            words.Add(word.ToString());
            word = null;
        }
    }

    private static AgentException Unfinished(string what) =>
        new($"Unable to start command: Failed to parse commands input: EOF found when expecting {what}");
}
