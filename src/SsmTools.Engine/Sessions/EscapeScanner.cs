using System.Buffers;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// Finds escapes among what is typed, as ssh does: the escape character at the start of a line, and one more. What is
/// pasted between the brackets of a terminal (ESC [200~ to ESC [201~) is never looked at. Bytes in, bytes to send out.
/// </summary>
/// <param name="escape">The escape character, an ASCII one.</param>
internal sealed class EscapeScanner(char escape)
{
    private const byte Escape = 0x1b;

    private static readonly byte[] s_pasteStart = "\x1b[200~"u8.ToArray();
    private static readonly byte[] s_pasteEnd = "\x1b[201~"u8.ToArray();

    private readonly byte _escape = (byte)escape;
    private bool _isLineStart = true;
    private bool _isPending;
    private bool _isPasting;

    /// <summary>How much of the next bracket has been seen.</summary>
    private int _matched;

    /// <summary>Takes bytes up to the end of the first escape that asks for something.</summary>
    /// <param name="input">What was typed; may end anywhere.</param>
    /// <param name="output">Receives what is to be sent.</param>
    /// <param name="consumed">How many bytes were taken: all of them where the action is none.</param>
    public EscapeAction Scan(ReadOnlySpan<byte> input, IBufferWriter<byte> output, out int consumed)
    {
        Span<byte> room = output.GetSpan(input.Length + 1); // one more for an escape character held back before
        int length = 0;
        EscapeAction action = EscapeAction.None;
        consumed = 0;
        while (consumed < input.Length && action == EscapeAction.None)
        {
            action = Take(input[consumed++], room, ref length);
        }

        output.Advance(length);
        return action;
    }

    private EscapeAction Take(byte value, Span<byte> room, ref int length)
    {
        if (_isPending)
        {
            _isPending = false;
            switch (value)
            {
                case (byte)'.':
                    return EscapeAction.Leave;
                case (byte)'?':
                    return EscapeAction.Help; // nothing was sent: it is still the start of the line
                default:
                    room[length++] = _escape;
                    _isLineStart = false;
                    if (value == _escape)
                    {
                        return EscapeAction.None;
                    }

                    break;
            }
        }
        else if (_isLineStart && value == _escape)
        {
            _isPending = true;
            return EscapeAction.None;
        }

        room[length++] = value;
        FollowPaste(value);
        _isLineStart = !_isPasting && value is (byte)'\r' or (byte)'\n';
        return EscapeAction.None;
    }

    private void FollowPaste(byte value)
    {
        byte[] bracket = _isPasting ? s_pasteEnd : s_pasteStart;
        _matched = value == bracket[_matched] ? _matched + 1 : value == Escape ? 1 : 0;
        if (_matched == bracket.Length)
        {
            _matched = 0;
            _isPasting = !_isPasting;
        }
    }
}
