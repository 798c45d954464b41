using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>A test that starts a program on a pseudo-console of Windows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PseudoConsoleFactAttribute : FactAttribute
{
    public PseudoConsoleFactAttribute()
    {
        bool isRedirected = Console.IsInputRedirected || Console.IsOutputRedirected || Console.IsErrorRedirected;
        Skip = WindowsConsole.Missing ?? (WindowsConsole.IsWine && isRedirected
            ? "Wine gives a program its console's handles only where none of ours is redirected."
            : null);
    }
}
