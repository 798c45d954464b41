using System.Globalization;

namespace SsmTools.Engine.Terminal;

/// <summary>
/// What a key of a Windows console is to a program behind a terminal. The character is taken from the record, so that
/// AltGr, dead keys, surrogates and input methods come right by themselves; keys without one become what xterm sends.
/// Where the console translates by itself (virtual terminal input), the sequences come as characters of records
/// without a key, and pass.
/// </summary>
internal static class KeyTranslator
{
    private const ushort Backspace = 0x08;
    private const ushort Tab = 0x09;
    private const ushort Alt = 0x12;
    private const ushort Space = 0x20;
    private const ushort FirstFunctionKey = 0x70;
    private const ushort LastFunctionKey = 0x83;

    private const KeyStates AnyAlt = KeyStates.LeftAlt | KeyStates.RightAlt;
    private const KeyStates AnyCtrl = KeyStates.LeftCtrl | KeyStates.RightCtrl;

    /// <summary>The numbers of F5 to F20 in <c>ESC [ n ~</c>; the gaps are DEC's.</summary>
    private static readonly int[] s_functionNumbers = [15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34];

    /// <summary>The UTF-16 text that a record stands for; empty where it stands for none.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isApplicationMode">Whether the program behind asked for application cursor keys (DECCKM).</param>
    public static string Translate(in KeyRecord record, bool isApplicationMode = false)
    {
        string once = TranslateOnce(record, isApplicationMode);
        return record.RepeatCount <= 1 || once.Length == 0 || char.IsSurrogate(record.Character)
            ? once
            : string.Concat(Enumerable.Repeat(once, record.RepeatCount));
    }

    private static string TranslateOnce(in KeyRecord record, bool isApplicationMode)
    {
        if (!record.IsDown)
        {
            // A character typed by its number comes when Alt is let go.
            return record is { VirtualKey: Alt, Character: not '\0' } ? record.Character.ToString() : "";
        }

        if (IsDigitOfNumber(record))
        {
            return "";
        }

        return record.Character != '\0' ? FromCharacter(record) : FromKey(record, isApplicationMode);
    }

    /// <summary>
    /// A character typed by its number, Alt held and the number entered on the numeric keypad. Consoles make that up, too,
    /// for a pasted character which the layout does not have.
    /// </summary>
    private static bool IsDigitOfNumber(in KeyRecord record) =>
        (record.State & (AnyAlt | AnyCtrl | KeyStates.Enhanced)) == KeyStates.LeftAlt
        && record.VirtualKey is (>= 0x60 and <= 0x69) or (>= 0x21 and <= 0x28) or 0x2d or 0x0c;

    private static string FromCharacter(in KeyRecord record)
    {
        bool isCtrl = (record.State & AnyCtrl) != 0;
        bool isAlt = (record.State & AnyAlt) != 0;
        bool isAltGr = isCtrl && isAlt;
        string text = record.VirtualKey switch
        {
            Backspace => isCtrl && !isAltGr ? "\b" : "\x7f",
            Tab when record.State.HasFlag(KeyStates.Shift) => "\x1b[Z",
            Space when isCtrl && !isAltGr => "\0",
            _ => record.Character.ToString(),
        };

        // Alt with a character is ESC and the character; AltGr has done its work in the layout.
        return isAlt && !isAltGr && record.VirtualKey != 0 ? "\x1b" + text : text;
    }

    private static string FromKey(in KeyRecord record, bool isApplicationMode)
    {
        int modifiers = Modifiers(record.State);
        return record.VirtualKey switch
        {
            0x26 => Cursor('A', modifiers, isApplicationMode),
            0x28 => Cursor('B', modifiers, isApplicationMode),
            0x27 => Cursor('C', modifiers, isApplicationMode),
            0x25 => Cursor('D', modifiers, isApplicationMode),
            0x0C => Cursor('E', modifiers, isApplicationMode),
            0x23 => Cursor('F', modifiers, isApplicationMode),
            0x24 => Cursor('H', modifiers, isApplicationMode),
            0x2D => Numbered(2, modifiers),
            0x2E => Numbered(3, modifiers),
            0x21 => Numbered(5, modifiers),
            0x22 => Numbered(6, modifiers),
            >= FirstFunctionKey and <= FirstFunctionKey + 3 =>
                Cursor((char)('P' + record.VirtualKey - FirstFunctionKey), modifiers, isApplicationMode: true),
            >= FirstFunctionKey + 4 and <= LastFunctionKey =>
                Numbered(s_functionNumbers[record.VirtualKey - FirstFunctionKey - 4], modifiers),
            _ => FromControl(record),
        };
    }

    /// <summary>Ctrl with a digit, as xterm has it where the layout has nothing; AltGr with one is the layout's.</summary>
    private static string FromControl(in KeyRecord record)
    {
        bool isCtrl = (record.State & AnyCtrl) != 0 && (record.State & AnyAlt) == 0;
        return !isCtrl ? "" : (char)record.VirtualKey switch
        {
            '2' or ' ' => "\0",
            '3' => "\x1b",
            '4' => "\x1c",
            '5' => "\x1d",
            '6' => "\x1e",
            '7' => "\x1f",
            '8' => "\x7f",
            _ => "",
        };
    }

    /// <summary>xterm's number for the modifiers: 1 and a bit for each.</summary>
    private static int Modifiers(KeyStates state) => 1
        + ((state & KeyStates.Shift) != 0 ? 1 : 0)
        + ((state & AnyAlt) != 0 ? 2 : 0)
        + ((state & AnyCtrl) != 0 ? 4 : 0);

    private static string Cursor(char final, int modifiers, bool isApplicationMode) => modifiers > 1
        ? string.Create(CultureInfo.InvariantCulture, $"\x1b[1;{modifiers}{final}")
        : isApplicationMode ? $"\x1bO{final}" : $"\x1b[{final}";

    private static string Numbered(int number, int modifiers) => modifiers > 1
        ? string.Create(CultureInfo.InvariantCulture, $"\x1b[{number};{modifiers}~")
        : string.Create(CultureInfo.InvariantCulture, $"\x1b[{number}~");
}
