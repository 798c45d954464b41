using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>A test that needs a console of Windows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WindowsConsoleFactAttribute : FactAttribute
{
    /// <param name="notInWine">What Wine lacks for it; null where it is a test for Wine, too.</param>
    public WindowsConsoleFactAttribute(string? notInWine = null)
    {
        NotInWine = notInWine;
        Skip = WindowsConsole.Missing ?? (WindowsConsole.IsWine ? notInWine : null);
    }

    /// <summary>What Wine lacks for it.</summary>
    public string? NotInWine { get; }
}
