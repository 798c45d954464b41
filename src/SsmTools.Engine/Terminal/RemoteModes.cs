using System.Buffers;
using System.Globalization;
using System.Text;

namespace SsmTools.Engine.Terminal;

/// <summary>
/// Follows what programs on the node switch on in the terminal that shows them: another screen, application keys, mouse
/// reports, bracketed paste, a hidden cursor, colours. What they leave on, because the session ended under them, can be
/// switched off again, and nothing else: a terminal that nobody has changed gets no sequence at all. Safe for threads.
/// </summary>
/// <remarks>Modes and their numbers: xterm's ctlseqs, and the keyboard protocol of kitty.</remarks>
internal sealed class RemoteModes
{
    private const int ApplicationCursorKeys = 1;

    /// <summary>Private modes that are off in a terminal left to itself.</summary>
    private static readonly HashSet<int> s_off =
    [
        ApplicationCursorKeys, 5, 6, 9, 66, 69, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026, 2031, 2048,
    ];

    /// <summary>Those that are on: lines that wrap, and the cursor.</summary>
    private static readonly HashSet<int> s_on = [7, 25];

    /// <summary>Those that take the other screen.</summary>
    private static readonly HashSet<int> s_screens = [47, 1047, 1049];

    /// <summary>What shows nothing, and leaves the cursor where it is: NUL, BEL, BS (as good as), SO and SI.</summary>
    private static readonly SearchValues<byte> s_unseen = SearchValues.Create([0x00, 0x07, 0x08, 0x0e, 0x0f]);

    private static readonly SearchValues<char> s_numbers = SearchValues.Create("0123456789;:");

    private readonly SequenceParser _parser;
    private readonly object _lock = new();
    private readonly SortedSet<int> _set = [];
    private readonly SortedSet<int> _unset = [];
    private readonly SortedDictionary<int, int> _keyOptions = [];
    private readonly Stack<string> _keyboards = [];
    private int _screen;
    private string _keyboard = "";
    private string _cursor = "";
    private string _charset = "";
    private bool _isKeypad;
    private bool _isInsert;
    private bool _isShifted;
    private bool _hasMargins;
    private bool _isStyled;
    private bool _isLineOpen;

    public RemoteModes() => _parser = new SequenceParser(OnText, OnSequence);

    /// <summary>Whether the program asked for the cursor keys of application mode (DECCKM).</summary>
    public bool IsApplicationMode
    {
        get
        {
            lock (_lock)
            {
                return _set.Contains(ApplicationCursorKeys);
            }
        }
    }

    /// <summary>Follows output; may be cut anywhere.</summary>
    public void Follow(ReadOnlySpan<byte> output)
    {
        lock (_lock)
        {
            _parser.Parse(output);
        }
    }

    /// <summary>
    /// What puts the terminal right, and the cursor at the start of a line; empty where all is as it was. What was
    /// followed is kept, for <see cref="Redo"/>.
    /// </summary>
    public string Undo()
    {
        lock (_lock)
        {
            StringBuilder text = new();
            text.Append(_parser.IsInString ? "\x1b\\" : "");
            text.Append(_keyboards.Count > 0 ? $"\x1b[<{_keyboards.Count}u" : "");
            text.Append(_keyboard.Length > 0 ? "\x1b[=0u" : "");
            text.AppendJoin("", _keyOptions.Keys.Select(option => $"\x1b[>{option}m"));
            text.Append(_screen != 0 ? $"\x1b[?{_screen}l" : "");
            text.Append(_hasMargins ? "\u001b7\u001b[r\u001b8" : ""); // resetting the margins moves the cursor
            text.Append(Private(_set, 'l')).Append(Private(_unset, 'h'));
            text.Append(_isKeypad ? "\x1b>" : "").Append(_isInsert ? "\x1b[4l" : "");
            text.Append(_isShifted ? "\x0f" : "").Append(_charset.Length > 0 ? "\x1b(B" : "");
            text.Append(_cursor.Length > 0 ? "\x1b[0 q" : "");

            // Ends also a sequence that was cut, which would else swallow what is shown next.
            text.Append(_isStyled || !_parser.IsInText ? "\x1b[m" : "");
            return text.Append(_isLineOpen ? "\r\n" : "").ToString();
        }
    }

    /// <summary>What switches on again what was undone, for a program that goes on; its screen is its own affair.</summary>
    public string Redo()
    {
        lock (_lock)
        {
            StringBuilder text = new();
            text.Append(_screen != 0 ? $"\x1b[?{_screen}h" : "");
            text.AppendJoin("", _keyOptions.Select(option => $"\x1b[>{option.Key};{option.Value}m"));
            text.AppendJoin("", _keyboards.Reverse().Select(flags => $"\x1b[>{flags}u"));
            text.Append(_keyboard.Length > 0 ? $"\x1b[={_keyboard}u" : "");
            text.Append(Private(_set, 'h')).Append(Private(_unset, 'l'));
            text.Append(_isKeypad ? "\x1b=" : "").Append(_isInsert ? "\x1b[4h" : "");
            text.Append(_charset.Length > 0 ? $"\x1b({_charset}" : "").Append(_isShifted ? "\x0e" : "");
            return text.Append(_cursor.Length > 0 ? $"\x1b[{_cursor} q" : "").ToString();
        }
    }

    private static string Private(SortedSet<int> modes, char final) =>
        modes.Count == 0 ? "" : $"\x1b[?{string.Join(';', modes)}{final}";

    private void OnText(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)0x0e, (byte)0x0f) >= 0)
        {
            _isShifted = text.LastIndexOf((byte)0x0e) > text.LastIndexOf((byte)0x0f);
        }

        int last = text.LastIndexOfAnyExcept(s_unseen);
        if (_screen == 0 && last >= 0)
        {
            _isLineOpen = text[last] is not ((byte)'\r' or (byte)'\n');
        }
    }

    /// <param name="sequence">What follows the ESC, whole: <c>[?25l</c>, <c>(0</c>, <c>=</c>.</param>
    private void OnSequence(ReadOnlySpan<char> sequence)
    {
        switch (sequence)
        {
            case "c":
                Forget();
                break;
            case "[!p":
                SoftReset();
                break;
            case "=" or ">":
                _isKeypad = sequence[0] == '=';
                break;
            case "[4h" or "[4l":
                _isInsert = sequence[^1] == 'h';
                break;
            case ['(', char charset]:
                _charset = charset == 'B' ? "" : charset.ToString();
                break;
            case ['[', '?', .. var modes, 'h' or 'l']:
                SetModes(modes, sequence[^1] == 'h');
                break;
            case ['[', '>', .. var option, 'm']:
                SetKeyOption(option);
                break;
            case ['[', '>' or '<' or '=', .. var flags, 'u']:
                SetKeyboard(sequence[1], flags);
                break;
            case ['[', .. var style, ' ', 'q']:
                _cursor = style is "" or "0" ? "" : style.ToString();
                break;
            case ['[', .. var margins, 'r'] when IsNumbers(margins):
                _hasMargins = margins.Length > 0;
                break;
            case ['[', .. var style, 'm'] when IsNumbers(style):
                _isStyled = IsStyled(style);
                break;
            default:
                break;
        }
    }

    private void SetModes(ReadOnlySpan<char> modes, bool isSet)
    {
        foreach (string one in modes.ToString().Split(';'))
        {
            if (!int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out int mode))
            {
                continue;
            }

            if (s_screens.Contains(mode))
            {
                _screen = isSet ? mode : 0;
            }
            else if (s_off.Contains(mode) || s_on.Contains(mode))
            {
                SortedSet<int> changed = s_off.Contains(mode) ? _set : _unset;
                _ = s_off.Contains(mode) == isSet ? changed.Add(mode) : changed.Remove(mode);
            }
        }
    }

    /// <summary>How xterm reports keys with modifiers (modifyOtherKeys is option 4); without a value it is off.</summary>
    private void SetKeyOption(ReadOnlySpan<char> option)
    {
        string[] parts = option.ToString().Split(';');
        if (int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            _ = parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
                ? (_keyOptions[number] = value) > 0
                : _keyOptions.Remove(number);
        }
    }

    /// <summary>The stack of keyboard protocols: pushed, popped, or its top changed.</summary>
    private void SetKeyboard(char action, ReadOnlySpan<char> flags)
    {
        string first = flags.ToString().Split(';')[0];
        switch (action)
        {
            case '>' when _keyboards.Count < 99:
                _keyboards.Push(first);
                break;
            case '<':
                int count = int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 1;
                while (count-- > 0 && _keyboards.TryPop(out _))
                {
                }

                break;
            case '=':
                _keyboard = first is "" or "0" ? "" : flags.ToString();
                break;
            default:
                break;
        }
    }

    private static bool IsNumbers(ReadOnlySpan<char> parameters) => !parameters.ContainsAnyExcept(s_numbers);

    /// <summary>Whether anything is left on: a 0 takes all back, unless it belongs to a colour.</summary>
    private bool IsStyled(ReadOnlySpan<char> style)
    {
        bool isStyled = _isStyled;
        string[] parts = style.ToString().Split(';');
        for (int i = 0; i < parts.Length; i++)
        {
            isStyled = parts[i] is not ("" or "0" or "00");
            if (parts[i] is "38" or "48" or "58" && i + 1 < parts.Length)
            {
                i += parts[i + 1] == "5" ? 2 : 4;
            }
        }

        return isStyled;
    }

    private void Forget()
    {
        SoftReset();
        _set.Clear();
        _keyOptions.Clear();
        _keyboards.Clear();
        _keyboard = "";
        _screen = 0;
        _isLineOpen = false;
    }

    /// <summary>DECSTR.</summary>
    private void SoftReset()
    {
        _unset.Clear();
        _set.RemoveWhere(mode => mode is ApplicationCursorKeys or 6 or 66 or 69);
        (_isKeypad, _isInsert, _isShifted, _hasMargins, _isStyled) = (false, false, false, false, false);
        (_charset, _cursor) = ("", "");
    }
}
