using System.Buffers;
using System.Text;

namespace SsmTools.Engine.Terminal;

/// <summary>
/// Turns what a Windows console reports into the bytes that were typed: a batch of records in, UTF-8 out. A paste is
/// thousands of records, which may be cut between the halves of a surrogate pair.
/// </summary>
internal sealed class RecordTranslator
{
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private readonly ArrayBufferWriter<char> _text = new();

    /// <summary>Translates a batch.</summary>
    /// <param name="records">The records, in their order.</param>
    /// <param name="isApplicationMode">Whether the program behind asked for application cursor keys (DECCKM).</param>
    /// <param name="isResized">Whether one of them is about the window.</param>
    public byte[] Translate(
        ReadOnlySpan<WindowsNative.InputRecord> records, bool isApplicationMode, out bool isResized)
    {
        _text.ResetWrittenCount();
        isResized = false;
        foreach (ref readonly WindowsNative.InputRecord record in records)
        {
            isResized |= record.EventType == WindowsNative.WindowEvent;
            if (record.EventType == WindowsNative.KeyEvent)
            {
                KeyRecord key = new(
                    record.KeyDown != 0,
                    record.VirtualKey,
                    (char)record.Character,
                    (KeyStates)record.State,
                    record.RepeatCount);
                _text.Write(KeyTranslator.Translate(key, isApplicationMode));
            }
        }

        // The first half of a pair waits for the second, which may come with the next records.
        byte[] bytes = new byte[_encoder.GetByteCount(_text.WrittenSpan, flush: false)];
        _encoder.GetBytes(_text.WrittenSpan, bytes, flush: false);
        return bytes;
    }
}
