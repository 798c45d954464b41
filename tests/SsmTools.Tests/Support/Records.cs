using SsmTools.Engine.Terminal;

namespace SsmTools.Tests.Support;

/// <summary>What a Windows console reports when somebody types.</summary>
internal static class Records
{
    /// <summary>A key that is pressed or let go.</summary>
    public static WindowsNative.InputRecord Key(
        ushort key, char character, KeyStates state = KeyStates.None, bool isDown = true) => new()
        {
            EventType = WindowsNative.KeyEvent,
            KeyDown = isDown ? 1 : 0,
            RepeatCount = 1,
            VirtualKey = key,
            Character = character,
            State = (uint)state,
        };

    /// <summary>A key that is pressed and let go.</summary>
    public static WindowsNative.InputRecord[] Press(ushort key, char character, KeyStates state = KeyStates.None) =>
        [Key(key, character, state), Key(key, character, state, isDown: false)];

    /// <summary>A text that is pasted, or typed; a character outside the first plane is two keys.</summary>
    public static WindowsNative.InputRecord[] Text(string text) => [.. text.SelectMany(character => Press(
        character switch
        {
            '\r' => 0x0d,
            '\t' => 0x09,
            '\x1b' => 0x1b,
            >= 'a' and <= 'z' => char.ToUpperInvariant(character),
            _ => (ushort)0,
        },
        character))];

    /// <summary>Some text with all that a paste may have in it.</summary>
    public static string Paste(int length, int seed)
    {
        Random random = new(seed);
        string[] pieces = ["echo 'a b'", "\r", "\t", "@{}[]|\\~$€", "żółć ñ é ß", "漢字", "😀👩‍🚀🇪🇺", "0123456789 abcdefghij"];
        System.Text.StringBuilder text = new();
        while (text.Length < length)
        {
            text.Append(pieces[random.Next(pieces.Length)]);
        }

        return text.ToString();
    }
}
