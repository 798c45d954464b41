using System.Buffers;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// Finds escapes among what is typed, as ssh does: the escape character at the start of a line, and one more. Bytes in,
/// bytes to send out.
/// </summary>
/// <remarks>
/// Escapes are typed, never pasted. What a terminal brackets as a paste (ESC [200~ to ESC [201~) is not looked at; and
/// since terminals bracket only where the program behind has asked for it, a read of several bytes counts as typed only
/// if there is nothing in it but line ends and escapes: keys come one by one, and a paste brings text along. What follows
/// a long read is the rest of a paste.
/// </remarks>
/// <param name="escape">The escape character, an ASCII one.</param>
internal sealed class EscapeScanner(char escape)
{
    private const byte Escape = 0x1b;

    /// <summary>Terminals hand pastes over in pieces of some kilobytes.</summary>
    private const int LongRead = 1024;

    private static readonly byte[] s_pasteStart = "\x1b[200~"u8.ToArray();
    private static readonly byte[] s_pasteEnd = "\x1b[201~"u8.ToArray();

    private readonly byte _escape = (byte)escape;
    private bool _isLineStart = true;
    private bool _isPending;
    private bool _isPasting;
    private bool _wasLong;

    /// <summary>How much of the next bracket has been seen.</summary>
    private int _matched;

    /// <summary>Takes bytes up to the end of the first escape that asks for something.</summary>
    /// <param name="read">What one read of the terminal gave, or what of it has not been taken yet.</param>
    /// <param name="output">Receives what is to be sent.</param>
    /// <param name="consumed">How many bytes were taken: all of them where the action is none.</param>
    public EscapeAction Scan(ReadOnlySpan<byte> read, IBufferWriter<byte> output, out int consumed)
    {
        Span<byte> room = output.GetSpan(read.Length + 1); // one more for an escape character held back before
        int length = 0;
        EscapeAction action = EscapeAction.None;
        bool isTyped = IsTyped(read);
        consumed = 0;
        while (consumed < read.Length && action == EscapeAction.None)
        {
            action = Take(read[consumed++], isTyped, room, ref length);
        }

        _wasLong = read.Length >= LongRead;
        output.Advance(length);
        return action;
    }

    private bool IsTyped(ReadOnlySpan<byte> read)
    {
        if (read.Length == 1 || _wasLong)
        {
            return !_wasLong;
        }

        bool isPending = _isPending;
        foreach (byte value in read)
        {
            bool isSecond = isPending && value is (byte)'.' or (byte)'?';
            bool isFirst = value == _escape; // or a second one, that is to be sent
            if (!isSecond && !isFirst && value is not ((byte)'\r' or (byte)'\n'))
            {
                return false;
            }

            isPending = isFirst && !isPending;
        }

        return true;
    }

    private EscapeAction Take(byte value, bool isTyped, Span<byte> room, ref int length)
    {
        if (_isPending)
        {
            _isPending = false;
            switch (value)
            {
                case (byte)'.' when isTyped:
                    return EscapeAction.Leave;
                case (byte)'?' when isTyped:
                    return EscapeAction.Help; // nothing was sent: it is still the start of the line
                default:
                    room[length++] = _escape;
                    _isLineStart = false;
                    if (value == _escape && isTyped)
                    {
                        return EscapeAction.None;
                    }

                    break;
            }
        }
        else if (isTyped && _isLineStart && value == _escape)
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
