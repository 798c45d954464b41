namespace SsmTools.Engine.Terminal;

/// <summary>What a Windows console says of one key: the part of KEY_EVENT_RECORD that matters.</summary>
/// <param name="IsDown">Pressed, not let go.</param>
/// <param name="VirtualKey">The key; 0 where the console made the record up from a sequence.</param>
/// <param name="Character">A UTF-16 unit; 0 where the key has none.</param>
/// <param name="State">Modifiers.</param>
/// <param name="RepeatCount">How often.</param>
internal readonly record struct KeyRecord(
    bool IsDown, ushort VirtualKey, char Character, KeyStates State = KeyStates.None, ushort RepeatCount = 1);

/// <summary>The modifiers of a <see cref="KeyRecord"/>: dwControlKeyState.</summary>
[Flags]
internal enum KeyStates : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The right Alt key: with a left Ctrl that the layout adds, AltGr.</summary>
    RightAlt = 0x1,

    /// <summary>The left Alt key.</summary>
    LeftAlt = 0x2,

    /// <summary>The right Ctrl key.</summary>
    RightCtrl = 0x4,

    /// <summary>The left Ctrl key.</summary>
    LeftCtrl = 0x8,

    /// <summary>A Shift key.</summary>
    Shift = 0x10,

    /// <summary>Num Lock is on.</summary>
    NumLock = 0x20,

    /// <summary>Scroll Lock is on.</summary>
    ScrollLock = 0x40,

    /// <summary>Caps Lock is on.</summary>
    CapsLock = 0x80,

    /// <summary>A key of the grey blocks.</summary>
    Enhanced = 0x100,
}
