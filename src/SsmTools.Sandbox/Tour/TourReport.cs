using System.Globalization;

namespace SsmTools.Sandbox.Tour;

/// <summary>The tour's page: a numbered line for each step with its time, and indented lines for what happened in it.</summary>
internal sealed class TourReport
{
    private const int Width = 96;

    private readonly TextWriter _output;
    private readonly TimeProvider _timeProvider;
    private readonly bool _colour;
    private readonly long _start;
    private int _number;
    private string _title = "Start";

    /// <summary>Creates the report; nothing is written yet.</summary>
    public TourReport(TextWriter output, TimeProvider timeProvider, bool colour)
    {
        _output = output;
        _timeProvider = timeProvider;
        _colour = colour;
        _start = timeProvider.GetTimestamp();
    }

    /// <summary>Whether a writer leads to a terminal that shows colours (https://no-color.org).</summary>
    public static bool WantsColour(TextWriter output) =>
        ReferenceEquals(output, Console.Out)
        && !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Writes the heading.</summary>
    public async Task OpenAsync()
    {
        await LineAsync(Bold("SsmTools: from nothing to a prompt on a private instance")).ConfigureAwait(false);
        await LineAsync("Over real HTTP, signatures, WebSockets and a real shell, on a sandbox on this machine.")
            .ConfigureAwait(false);
    }

    /// <summary>Shows a step while it runs.</summary>
    /// <param name="title">What it does.</param>
    /// <param name="step">Does it; returns a sentence on what came out.</param>
    public async Task StepAsync(string title, Func<Task<string>> step)
    {
        _number++;
        _title = title;
        await LineAsync(string.Empty).ConfigureAwait(false);
        await LineAsync(Bold(string.Create(CultureInfo.InvariantCulture, $"{_number,2}  {title}"))).ConfigureAwait(false);
        long start = _timeProvider.GetTimestamp();
        string outcome = await step().ConfigureAwait(false);
        string time = Seconds(_timeProvider.GetElapsedTime(start));
        string text = "    " + outcome;
        string gap = new(' ', Math.Max(2, Width - text.Length - time.Length));
        await LineAsync(Green(text) + gap + Dim(time)).ConfigureAwait(false);
    }

    /// <summary>Writes a line on what happens within a step.</summary>
    public Task NoteAsync(string text) => LineAsync("    - " + text);

    /// <summary>Writes what a terminal showed, set off from the rest.</summary>
    public async Task QuoteAsync(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            await LineAsync(Dim("    | ") + line).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the good end.</summary>
    public async Task CloseAsync()
    {
        await LineAsync(string.Empty).ConfigureAwait(false);
        await LineAsync(Green($"Done: {_number} steps in {Seconds(_timeProvider.GetElapsedTime(_start))}, and nothing is left."))
            .ConfigureAwait(false);
    }

    /// <summary>Writes the bad end.</summary>
    public async Task FailAsync(string message, string? recommendation)
    {
        await LineAsync(string.Empty).ConfigureAwait(false);
        await LineAsync(Red($"Failed in step {_number}, {_title}, after {Seconds(_timeProvider.GetElapsedTime(_start))}:"))
            .ConfigureAwait(false);
        await LineAsync("    " + message).ConfigureAwait(false);
        if (recommendation is not null)
        {
            await LineAsync("    " + recommendation).ConfigureAwait(false);
        }
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");

    private string Bold(string text) => Paint("1", text);

    private string Dim(string text) => Paint("2", text);

    private string Green(string text) => Paint("32", text);

    private string Red(string text) => Paint("31", text);

    private string Paint(string code, string text) => _colour ? $"\u001b[{code}m{text}\u001b[0m" : text;

    private async Task LineAsync(string line)
    {
        await _output.WriteLineAsync(line).ConfigureAwait(false);
        await _output.FlushAsync().ConfigureAwait(false);
    }
}
