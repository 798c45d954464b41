using System.Text;

namespace SsmTools.Engine.Sessions;

/// <summary>One stream of a command's, from bytes to text: a character may be split between two messages.</summary>
internal sealed class CommandTranscript
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _text = new();

    /// <summary>Everything so far.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Takes a piece in.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="isLast">Whether nothing comes behind it.</param>
    /// <returns>The characters that are whole now.</returns>
    public string Append(ReadOnlySpan<byte> bytes, bool isLast = false)
    {
        char[] characters = new char[_decoder.GetCharCount(bytes, isLast)];
        int count = _decoder.GetChars(bytes, characters, isLast);
        _text.Append(characters, 0, count);
        return new string(characters, 0, count);
    }
}
