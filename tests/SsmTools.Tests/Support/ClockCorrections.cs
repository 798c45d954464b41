using System.Collections.Concurrent;
using System.Reflection;
using Amazon.Runtime;
using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>
/// What the SDK remembers, for the whole process, of how far the clocks of servers were off. It does so by address, and
/// ports come back: a sandbox whose clock was turned must not be remembered for the next one there.
/// </summary>
internal static class ClockCorrections
{
    /// <summary>Forgets those of an address, <c>http://host:port</c>.</summary>
    public static void Forget(string address)
    {
        FieldInfo? field = typeof(CorrectClockSkew).GetField(
            "clockCorrectionDictionary", BindingFlags.Static | BindingFlags.NonPublic);
        ConcurrentDictionary<string, TimeSpan> corrections =
            Assert.IsType<ConcurrentDictionary<string, TimeSpan>>(field?.GetValue(null));
        foreach (string endpoint in corrections.Keys.Where(
            key => key.StartsWith(address, StringComparison.OrdinalIgnoreCase)))
        {
            corrections.TryRemove(endpoint, out _);
        }
    }
}
