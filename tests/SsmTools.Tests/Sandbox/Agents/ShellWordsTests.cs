using SsmTools.Sandbox.Agents;
using Xunit;

namespace SsmTools.Tests.Sandbox.Agents;

/// <summary>The real agent's way to split a command line (the examples of github.com/google/shlex among them).</summary>
public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("uname -a", "uname|-a")]
    [InlineData("  one   two\tthree\nfour ", "one|two|three|four")]
    [InlineData("one two \"three four\" \"five \\\"six\\\"\" seven#eight # nine # ten\n eleven 'twelve\\' thirteen=13", "one|two|three four|five \"six\"|seven#eight|eleven|twelve\\|thirteen=13")]
    [InlineData("sh -c 'echo it'\\''s; ls; wc'", "sh|-c|echo it's; ls; wc")]
    [InlineData("a\\ b '' \"\"", "a b||")]
    [InlineData("", null)]
    [InlineData("# only words", null)]
    public void Words_are_split_at_blanks_outside_of_quotes(string text, string? words)
    {
        Assert.Equal(words?.Split('|') ?? [], ShellWords.Split(text));
    }

    [Theory]
    [InlineData("echo 'open")]
    [InlineData("echo \"open")]
    [InlineData("echo end\\")]
    public void What_is_not_closed_is_refused(string text)
    {
        Assert.Contains("Failed to parse commands input", Assert.Throws<AgentException>(() => ShellWords.Split(text)).Message, StringComparison.Ordinal);
    }
}
