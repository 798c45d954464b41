using System.IO.Enumeration;
using System.Text;

namespace SsmTools.Sandbox.World;

/// <summary>Texts in policies: wildcards, and variables such as <c>${aws:username}</c>.</summary>
internal static class PolicyPattern
{
    /// <summary>Whether a pattern covers a text. A variable whose value is not known makes it cover nothing.</summary>
    public static bool Covers(string pattern, string text, PolicyQuestion question, bool ignoreCase = false, bool wild = true) =>
        Fill(pattern, question, wild) is string filled && FileSystemName.MatchesSimpleExpression(filled, text, ignoreCase);

    // What a variable stands for is meant as it is: its stars and question marks are none.
    private static string? Fill(string pattern, PolicyQuestion question, bool wild)
    {
        StringBuilder text = new(pattern.Length);
        for (int i = 0; i < pattern.Length; i++)
        {
            int end = pattern[i] == '$' && i + 1 < pattern.Length && pattern[i + 1] == '{' ? pattern.IndexOf('}', i) : -1;
            if (end < 0)
            {
                text.Append(pattern[i] == '\\' || (!wild && IsWild(pattern[i])) ? "\\" : "").Append(pattern[i]);
                continue;
            }

            if (Value(pattern[(i + 2)..end], question) is not string value)
            {
                return null;
            }

            foreach (char character in value)
            {
                text.Append(IsWild(character) || character == '\\' ? "\\" : "").Append(character);
            }

            i = end;
        }

        return text.ToString();
    }

    private static string? Value(string name, PolicyQuestion question)
    {
        if (name is "*" or "?" or "$")
        {
            return name;
        }

        string[] parts = name.Split(',', 2, StringSplitOptions.TrimEntries);
        return question.Values(parts[0]) is [string value] ? value : parts.Length > 1 ? parts[1].Trim('\'') : null;
    }

    private static bool IsWild(char character) => character is '*' or '?';
}
