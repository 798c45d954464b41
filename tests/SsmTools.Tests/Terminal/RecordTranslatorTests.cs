using System.Text;
using SsmTools.Engine.Terminal;
using SsmTools.Tests.Support;
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
        string pasted = Records.Paste(length, seed: 7);
        WindowsNative.InputRecord[] records = Records.Text(pasted);
        RecordTranslator translator = new();
        using MemoryStream typed = new();
        for (int at = 0; at < records.Length; at += batch)
        {
            typed.Write(translator.Translate(records.AsSpan(at, Math.Min(batch, records.Length - at)), false, out bool isResized));
            Assert.False(isResized);
        }

        Assert.Equal(Encoding.UTF8.GetBytes(pasted), typed.ToArray());
    }

    [Fact]
    public void A_character_the_layout_does_not_have_is_pasted_by_its_number_and_comes_once()
    {
        WindowsNative.InputRecord[] records =
        [
            Records.Key(0x12, '\0', KeyStates.LeftAlt), // Alt down
            Records.Key(0x60 + 2, '\0', KeyStates.LeftAlt), Records.Key(0x60 + 2, '\0', KeyStates.LeftAlt, isDown: false),
            Records.Key(0x23, '\0', KeyStates.LeftAlt), Records.Key(0x23, '\0', KeyStates.LeftAlt, isDown: false), // 1, without Num Lock
            Records.Key(0x12, 'š', KeyStates.None, isDown: false),
            .. Records.Text("x"),
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
            .. Records.Text("k"),
        ];

        Assert.Equal("k"u8.ToArray(), new RecordTranslator().Translate(records, false, out bool isResized));
        Assert.True(isResized);
    }

    [Theory]
    [InlineData(false, "\x1b[A")]
    [InlineData(true, "\x1bOA")]
    public void Cursor_keys_are_those_the_program_asked_for(bool isApplicationMode, string expected) => Assert.Equal(
        Encoding.ASCII.GetBytes(expected),
        new RecordTranslator().Translate([Records.Key(0x26, '\0', KeyStates.Enhanced)], isApplicationMode, out _));
}
