namespace SsmTools.Engine.Terminal;

/// <summary>
/// Tells control sequences from text, as terminals do (the parser of the VT500, for 7-bit controls). Strings (titles and
/// other OSC, DCS, APC) are passed over. May be fed in pieces cut anywhere.
/// </summary>
internal sealed class SequenceParser
{
    private const byte Escape = 0x1b;
    private const byte Cancel = 0x18;
    private const byte Substitute = 0x1a;
    private const byte Bell = 0x07;

    /// <summary>Longer ones are none that anybody asks about.</summary>
    private const int MostLength = 128;

    private readonly TextHandler _onText;
    private readonly SequenceHandler _onSequence;
    private readonly char[] _sequence = new char[MostLength];
    private int _length;
    private State _state;

    public SequenceParser(TextHandler onText, SequenceHandler onSequence)
    {
        _onText = onText;
        _onSequence = onSequence;
    }

    /// <summary>Takes a run of what is no sequence: characters and controls.</summary>
    public delegate void TextHandler(ReadOnlySpan<byte> text);

    /// <summary>Takes a sequence without its ESC.</summary>
    public delegate void SequenceHandler(ReadOnlySpan<char> sequence);

    private enum State
    {
        Text,
        Escape,
        Control,
        String,
        StringEscape,
    }

    /// <summary>Whether no sequence and no string is unfinished.</summary>
    public bool IsInText => _state == State.Text;

    /// <summary>Whether a string is unfinished, which would swallow whatever is shown next.</summary>
    public bool IsInString => _state is State.String or State.StringEscape;

    /// <summary>Takes a piece.</summary>
    public void Parse(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            if (_state == State.Text)
            {
                int end = piece.IndexOf(Escape);
                int length = end < 0 ? piece.Length : end;
                if (length > 0)
                {
                    _onText(piece[..length]);
                }

                piece = piece[(end < 0 ? length : length + 1)..];
                if (end >= 0)
                {
                    Start(State.Escape);
                }
            }
            else
            {
                Take(piece[0]);
                piece = piece[1..];
            }
        }
    }

    private void Start(State state)
    {
        _state = state;
        _length = 0;
    }

    private void Take(byte value)
    {
        switch (_state)
        {
            case State.StringEscape when value != '\\':
                Start(State.Escape); // the string was broken off by another sequence
                Take(value);
                break;
            case State.StringEscape:
            case var _ when value is Cancel or Substitute:
            case State.String when value == Bell:
                _state = State.Text;
                break;
            case var state when value == Escape:
                Start(state == State.String ? State.StringEscape : State.Escape);
                break;
            case State.String:
            case var _ when value >= 0x7f:
                break;
            case var _ when value < ' ':
                _onText([value]); // controls in between are done at once, and change no sequence
                break;
            case State.Escape when _length == 0 && value is (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_':
                _state = State.String;
                break;
            default:
                Append(value);
                break;
        }
    }

    private void Append(byte value)
    {
        if (_length < MostLength)
        {
            _sequence[_length] = (char)value;
        }

        _length++;
        if (_state == State.Escape && _length == 1 && value == '[')
        {
            _state = State.Control;
        }
        else if (value >= (_state == State.Control ? 0x40 : 0x30))
        {
            _state = State.Text;
            if (_length <= MostLength)
            {
                _onSequence(_sequence.AsSpan(0, _length));
            }
        }
    }
}
