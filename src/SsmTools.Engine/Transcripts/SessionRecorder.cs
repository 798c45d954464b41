using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SsmTools.Engine.Terminal;

namespace SsmTools.Engine.Transcripts;

/// <summary>
/// Writes what a terminal shows as asciicast v2: a header, and a line an event (docs.asciinema.org/manual/asciicast/v2).
/// Each line goes out whole and at once, so that little is lost with the process. A stream that fails ends the
/// recording, not the session. Safe to be called from several threads.
/// </summary>
/// <param name="stream">Receives UTF-8, in place of what it held. It stays the caller's.</param>
/// <param name="term">The type of the terminal, as TERM names it.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class SessionRecorder(Stream stream, string term, TimeProvider timeProvider)
{
    /// <summary>The text is read by JSON parsers, never by a browser as part of a page.</summary>
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly object _lock = new();
    private readonly ArrayBufferWriter<byte> _line = new();

    // Stateful: a character whose bytes come in two pieces is written with the second. What is no UTF-8 is U+FFFD here.
    private readonly Decoder _output = Encoding.UTF8.GetDecoder();
    private readonly Decoder _input = Encoding.UTF8.GetDecoder();
    private long _startedAt;
    private TerminalSize _size;

    /// <summary>Whether there is a header.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Why the recording ended early; null where it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Writes the header; the time of all events counts from now. Does nothing the second time.</summary>
    public void Begin(TerminalSize size)
    {
        lock (_lock)
        {
            if (HasBegun)
            {
                return;
            }

            HasBegun = true;
            _startedAt = timeProvider.GetTimestamp();
            _size = size;
            Try(() => stream.SetLength(0));
            Write(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("version", 2);
                json.WriteNumber("width", size.Columns);
                json.WriteNumber("height", size.Rows);
                json.WriteNumber("timestamp", timeProvider.GetUtcNow().ToUnixTimeSeconds());
                json.WriteStartObject("env");
                json.WriteString("TERM", term);
                json.WriteEndObject();
                json.WriteEndObject();
            });
        }
    }

    /// <summary>Records what is shown.</summary>
    public void Output(ReadOnlySpan<byte> bytes) => Decode(_output, "o", bytes, flush: false);

    /// <summary>Records what is typed, passwords included.</summary>
    public void Input(ReadOnlySpan<byte> bytes) => Decode(_input, "i", bytes, flush: false);

    /// <summary>Records a new size, if it is one.</summary>
    public void Resize(TerminalSize size)
    {
        lock (_lock)
        {
            if (HasBegun && size != _size)
            {
                _size = size;
                WriteEvent("r", $"{size.Columns}x{size.Rows}");
            }
        }
    }

    /// <summary>Writes what is left of a character that never became whole.</summary>
    public void Complete()
    {
        Decode(_output, "o", default, flush: true);
        Decode(_input, "i", default, flush: true);
    }

    private void Decode(Decoder decoder, string code, ReadOnlySpan<byte> bytes, bool flush)
    {
        lock (_lock)
        {
            char[] text = ArrayPool<char>.Shared.Rent(decoder.GetCharCount(bytes, flush) + 1);
            int length = decoder.GetChars(bytes, text, flush);
            if (HasBegun && length > 0)
            {
                WriteEvent(code, text.AsMemory(0, length));
            }

            ArrayPool<char>.Shared.Return(text, clearArray: true);
        }
    }

    private void WriteEvent(string code, string data) => WriteEvent(code, data.AsMemory());

    private void WriteEvent(string code, ReadOnlyMemory<char> data)
    {
        decimal seconds = (decimal)timeProvider.GetElapsedTime(_startedAt).Ticks / TimeSpan.TicksPerSecond;
        Write(json =>
        {
            json.WriteStartArray();
            json.WriteNumberValue(seconds);
            json.WriteStringValue(code);
            json.WriteStringValue(data.Span);
            json.WriteEndArray();
        });
    }

    private void Write(Action<Utf8JsonWriter> content)
    {
        _line.Clear(); // with what was typed or shown
        using (Utf8JsonWriter json = new(_line, s_json))
        {
            content(json);
        }

        _line.Write("\n"u8);
        Try(() =>
        {
            stream.Write(_line.WrittenSpan);
            stream.Flush();
        });
    }

    private void Try(Action write)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e;
        }
    }
}
