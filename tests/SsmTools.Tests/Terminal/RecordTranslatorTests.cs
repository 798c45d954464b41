using System.Text;
using SsmTools.Engine.Terminal;
using Xunit;

namespace SsmTools.Tests.Terminal;

/// <summary>Records of a Windows console, made up; needs no Windows.</summary>
[Trait("Category", "Windows")]
public sealed class RecordTranslatorTests
{
    private const ushort MouseEvent = 2;
    private const ushort FocusEvent = 16;

    [Theory]
    [InlineData(1024 * 1024, 3000)]
    [InlineData(64 * 1024, 2999)]
    [InlineData(16 * 1024, 1)]
    public void A_pasted_megabyte_comes_out_as_it_was_with_line_ends_of_the_enter_key(int length, int batch)
    {
        Random random = new(7);
        string[] pieces = ["echo 'a b'", "\r", "\t", "@{}[]|\\~$€", "żółć ñ é ß", "漢字", "😀👩‍🚀🇪🇺", "0123456789 abcdefghij", "\x1b", "\x03"];
        StringBuilder pasted = new();
        while (pasted.Length < length)
        {
            pasted.Append(pieces[random.Next(pieces.Length)]);
        }

        WindowsNative.InputRecord[] records = [.. pasted.ToString().SelectMany(Type)];
        RecordTranslator translator = new();
        using MemoryStream typed = new();
        for (int at = 0; at < records.Length; at += batch)
        {
            typed.Write(translator.Translate(records.AsSpan(at, Math.Min(batch, records.Length - at)), false, out bool isResized));
            Assert.False(isResized);
        }

        Assert.Equal(Encoding.UTF8.GetBytes(pasted.ToString()), typed.ToArray());
    }

    [Fact]
    public void A_character_the_layout_does_not_have_is_pasted_by_its_number_and_comes_once()
    {
        WindowsNative.InputRecord[] records =
        [
            Key(0x12, '\0', KeyStates.LeftAlt), // Alt down
            Key(0x60 + 2, '\0', KeyStates.LeftAlt), Key(0x60 + 2, '\0', KeyStates.LeftAlt, isDown: false),
            Key(0x23, '\0', KeyStates.LeftAlt), Key(0x23, '\0', KeyStates.LeftAlt, isDown: false), // 1, without Num Lock
            Key(0x12, 'š', KeyStates.None, isDown: false),
            .. Type('x'),
        ];

        Assert.Equal("šx", Encoding.UTF8.GetString(new RecordTranslator().Translate(records, false, out _)));
    }

    [Fact]
    public void What_is_no_key_is_nothing_and_a_changed_window_is_told()
    {
        WindowsNative.InputRecord[] records =
        [
            new() { EventType = MouseEvent, KeyDown = 1, Character = 'm', RepeatCount = 1 },
            new() { EventType = FocusEvent, KeyDown = 1 },
            new() { EventType = WindowsNative.WindowEvent, KeyDown = 0x00320064 },
            .. Type('k'),
        ];

        Assert.Equal("k"u8.ToArray(), new RecordTranslator().Translate(records, false, out bool isResized));
        Assert.True(isResized);
    }

    [Theory]
    [InlineData(false, "\x1b[A")]
    [InlineData(true, "\x1bOA")]
    public void Cursor_keys_are_those_the_program_asked_for(bool isApplicationMode, string expected) => Assert.Equal(
        Encoding.ASCII.GetBytes(expected),
        new RecordTranslator().Translate([Key(0x26, '\0', KeyStates.Enhanced)], isApplicationMode, out _));

    private static WindowsNative.InputRecord[] Type(char character)
    {
        ushort key = character switch
        {
            '\r' => 0x0d,
            '\t' => 0x09,
            '\x1b' => 0x1b,
            >= 'a' and <= 'z' => char.ToUpperInvariant(character),
            _ => (ushort)0,
        };
        return [Key(key, character, KeyStates.None), Key(key, character, KeyStates.None, isDown: false)];
    }

    private static WindowsNative.InputRecord Key(ushort key, char character, KeyStates state, bool isDown = true) => new()
    {
        EventType = WindowsNative.KeyEvent,
        KeyDown = isDown ? 1 : 0,
        RepeatCount = 1,
        VirtualKey = key,
        Character = character,
        State = (uint)state,
    };
}
