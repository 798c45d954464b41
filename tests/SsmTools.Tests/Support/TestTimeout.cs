namespace SsmTools.Tests.Support;

/// <summary>Tokens that turn a hang into a failure.</summary>
internal static class TestTimeout
{
    /// <summary>Cancelled after so many seconds.</summary>
    public static CancellationToken Seconds(int seconds) => new CancellationTokenSource(TimeSpan.FromSeconds(seconds)).Token;

    /// <summary>Cancelled after 20 s: for anything that takes milliseconds when it works.</summary>
    public static CancellationToken Token => Seconds(20);
}
