using SsmTools.Engine.Terminal;
using Xunit;

namespace SsmTools.Tests.Terminal;

/// <summary>Tables of what consoles report and what xterm sends for it.</summary>
[Trait("Category", "Windows")]
public sealed class KeyTranslatorTests
{
    private const KeyStates AltGr = KeyStates.RightAlt | KeyStates.LeftCtrl;

    [Theory]
    [InlineData(0x26, KeyStates.Enhanced, "\u001b[A")]
    [InlineData(0x28, KeyStates.Enhanced | KeyStates.NumLock, "\u001b[B")]
    [InlineData(0x27, KeyStates.Enhanced | KeyStates.CapsLock, "\u001b[C")]
    [InlineData(0x25, KeyStates.None, "\u001b[D")]
    [InlineData(0x0c, KeyStates.None, "\u001b[E")]
    [InlineData(0x24, KeyStates.Enhanced, "\u001b[H")]
    [InlineData(0x23, KeyStates.Enhanced, "\u001b[F")]
    [InlineData(0x2d, KeyStates.Enhanced, "\u001b[2~")]
    [InlineData(0x2e, KeyStates.Enhanced, "\u001b[3~")]
    [InlineData(0x21, KeyStates.Enhanced, "\u001b[5~")]
    [InlineData(0x22, KeyStates.Enhanced, "\u001b[6~")]
    [InlineData(0x26, KeyStates.Shift, "\u001b[1;2A")]
    [InlineData(0x26, KeyStates.LeftAlt | KeyStates.Enhanced, "\u001b[1;3A")]
    [InlineData(0x27, KeyStates.LeftCtrl | KeyStates.Enhanced, "\u001b[1;5C")]
    [InlineData(0x25, KeyStates.RightCtrl | KeyStates.Shift, "\u001b[1;6D")]
    [InlineData(0x24, KeyStates.LeftCtrl | KeyStates.RightAlt | KeyStates.Shift, "\u001b[1;8H")]
    [InlineData(0x2e, KeyStates.LeftCtrl, "\u001b[3;5~")]
    [InlineData(0x21, KeyStates.Shift, "\u001b[5;2~")]
    [InlineData(0x70, KeyStates.None, "\u001bOP")]
    [InlineData(0x73, KeyStates.None, "\u001bOS")]
    [InlineData(0x70, KeyStates.Shift, "\u001b[1;2P")]
    [InlineData(0x74, KeyStates.None, "\u001b[15~")]
    [InlineData(0x75, KeyStates.None, "\u001b[17~")]
    [InlineData(0x79, KeyStates.None, "\u001b[21~")]
    [InlineData(0x7a, KeyStates.None, "\u001b[23~")]
    [InlineData(0x7b, KeyStates.None, "\u001b[24~")]
    [InlineData(0x7b, KeyStates.LeftCtrl, "\u001b[24;5~")]
    [InlineData(0x7e, KeyStates.None, "\u001b[28~")]
    [InlineData(0x83, KeyStates.None, "\u001b[34~")]
    [InlineData('2', KeyStates.LeftCtrl, "\0")]
    [InlineData('6', KeyStates.RightCtrl, "\u001e")]
    [InlineData('8', KeyStates.LeftCtrl, "\u007f")]
    [InlineData('2', AltGr, "")]
    [InlineData('9', KeyStates.LeftCtrl, "")]
    [InlineData(0x10, KeyStates.Shift, "")]
    [InlineData(0x11, KeyStates.LeftCtrl, "")]
    [InlineData(0x14, KeyStates.CapsLock, "")]
    [InlineData(0x5b, KeyStates.Enhanced, "")]
    [InlineData(0x84, KeyStates.None, "")]
    [InlineData(0x60, KeyStates.LeftAlt | KeyStates.NumLock, "")]
    [InlineData(0x69, KeyStates.LeftAlt, "")]
    [InlineData(0x28, KeyStates.LeftAlt, "")]
    [InlineData(0x28, KeyStates.RightAlt, "\u001b[1;3B")]
    [InlineData(0x70, KeyStates.LeftAlt, "\u001b[1;3P")]
    internal void Keys_without_a_character_become_what_xterm_sends(int key, KeyStates state, string expected) =>
        Assert.Equal(Escape(expected), Escape(Press(key, '\0', state)));

    [Theory]
    [InlineData(0x26, KeyStates.None, "\u001bOA")]
    [InlineData(0x23, KeyStates.None, "\u001bOF")]
    [InlineData(0x26, KeyStates.LeftCtrl, "\u001b[1;5A")]
    [InlineData(0x2e, KeyStates.None, "\u001b[3~")]
    internal void Application_mode_changes_the_bare_cursor_keys_only(int key, KeyStates state, string expected) =>
        Assert.Equal(
            Escape(expected),
            Escape(KeyTranslator.Translate(new KeyRecord(true, (ushort)key, '\0', state), isApplicationMode: true)));

    [Theory]
    [InlineData("US", 'A', 'a', KeyStates.None, "a")]
    [InlineData("US", 'A', 'A', KeyStates.Shift, "A")]
    [InlineData("US", 'C', '\u0003', KeyStates.LeftCtrl, "\u0003")]
    [InlineData("US", 0xdb, '\u001b', KeyStates.LeftCtrl, "\u001b")]
    [InlineData("US", 0x0d, '\r', KeyStates.None, "\r")]
    [InlineData("US", 0x1b, '\u001b', KeyStates.None, "\u001b")]
    [InlineData("US", 0x09, '\t', KeyStates.None, "\t")]
    [InlineData("US", 0x09, '\t', KeyStates.Shift, "\u001b[Z")]
    [InlineData("US", 0x08, '\b', KeyStates.None, "\u007f")]
    [InlineData("US", 0x08, '\u007f', KeyStates.LeftCtrl, "\b")]
    [InlineData("US", 0x08, '\b', KeyStates.LeftAlt, "\u001b\u007f")]
    [InlineData("US", 0x20, ' ', KeyStates.None, " ")]
    [InlineData("US", 0x20, ' ', KeyStates.LeftCtrl, "\0")]
    [InlineData("US", 'B', 'b', KeyStates.LeftAlt, "\u001bb")]
    [InlineData("US", 'B', 'B', KeyStates.LeftAlt | KeyStates.Shift, "\u001bB")]
    [InlineData("German", 'Q', '@', AltGr, "@")]
    [InlineData("German", '7', '{', AltGr, "{")]
    [InlineData("German", 0xdb, '\\', AltGr, "\\")]
    [InlineData("German", 'E', '€', AltGr, "€")]
    [InlineData("German", 0xba, 'ü', KeyStates.None, "ü")]
    [InlineData("French", '0', '@', AltGr, "@")]
    [InlineData("French", '2', 'é', KeyStates.None, "é")]
    [InlineData("French", '6', '|', AltGr, "|")]
    [InlineData("Spanish", '1', '|', AltGr, "|")]
    [InlineData("Spanish", 0xc0, 'ñ', KeyStates.None, "ñ")]
    [InlineData("Swedish", '2', '@', AltGr, "@")]
    [InlineData("Swedish", 0xdd, 'å', KeyStates.None, "å")]
    [InlineData("Polish", 'L', 'ł', AltGr, "ł")]
    [InlineData("Polish", 'Z', 'Ż', AltGr | KeyStates.Shift, "Ż")]
    [InlineData("Italian", 0xba, '[', AltGr, "[")]
    [InlineData("Italian", 0xba, '{', AltGr | KeyStates.Shift, "{")]
    [InlineData("Czech", 'V', '@', AltGr, "@")]
    [InlineData("French, after a dead key", 'E', 'ê', KeyStates.None, "ê")]
    internal void Characters_are_the_layouts_and_modifiers_the_terminals(
        string layout, int key, char character, KeyStates state, string expected) =>
        Assert.Equal($"{layout}: {Escape(expected)}", $"{layout}: {Escape(Press(key, character, state))}");

    [Fact]
    public void A_dead_key_alone_is_nothing() => Assert.Equal("", Press(0xdc, '\0', KeyStates.None));

    [Fact]
    public void Keys_that_are_let_go_are_nothing_but_a_character_typed_by_its_number()
    {
        Assert.Equal("", KeyTranslator.Translate(new KeyRecord(false, 'A', 'a')));
        Assert.Equal("é", KeyTranslator.Translate(new KeyRecord(false, 0x12, 'é')));
        Assert.Equal("", KeyTranslator.Translate(new KeyRecord(false, 0x12, '\0')));
    }

    [Fact]
    public void Sequences_and_pastes_that_the_console_made_pass_unchanged()
    {
        const string Pasted = "\u001b[200~ls -l\r\t\b😀\u001b[201~\u001b[1;5A\u001b[Z";
        string typed = string.Concat(Pasted.Select(unit => KeyTranslator.Translate(new KeyRecord(true, 0, unit))));

        Assert.Equal(Escape(Pasted), Escape(typed));
    }

    [Fact]
    public void A_key_that_is_held_repeats() =>
        Assert.Equal("\u001b[A\u001b[A\u001b[A", KeyTranslator.Translate(new KeyRecord(true, 0x26, '\0', RepeatCount: 3)));

    private static string Press(int key, char character, KeyStates state) =>
        KeyTranslator.Translate(new KeyRecord(true, (ushort)key, character, state));

    private static string Escape(string text) =>
        string.Concat(text.Select(c => c is < ' ' or '\x7f' ? $"<{(int)c:x2}>" : c.ToString()));
}
