using SsmTools.Engine.Registration;

namespace SsmTools.Sandbox.Tour;

/// <summary>Notes what is waited for whenever the words, apart from the seconds in them, have changed.</summary>
internal sealed class TourProgress(TourReport report) : IProgress<RegistrationProgress>
{
    private string _last = string.Empty;

    /// <inheritdoc/>
    public void Report(RegistrationProgress value)
    {
        string words = value.Waiting.Split(';')[0];
        if (words.Length > 0 && words != _last)
        {
            _last = words;
            report.NoteAsync(words).GetAwaiter().GetResult();
        }
    }
}
