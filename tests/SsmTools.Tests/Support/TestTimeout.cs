namespace SsmTools.Tests.Support;

/// <summary>
/// Tokens that turn a hang into a failure. No test may say anything by them: on a busy machine everything takes long.
/// </summary>
internal static class TestTimeout
{
    /// <summary>Cancelled after so many seconds.</summary>
    public static CancellationToken Seconds(int seconds) => new CancellationTokenSource(TimeSpan.FromSeconds(seconds)).Token;

    /// <summary>Cancelled after a minute: for anything that takes milliseconds when it works.</summary>
    public static CancellationToken Token => Seconds(60);
}
