namespace SsmTools.Engine.Terminal;

/// <summary>The raw mode of what is no terminal: nothing to switch, nothing to put back.</summary>
internal sealed class NoMode : IDisposable
{
    public static readonly NoMode Instance = new();

    private NoMode()
    {
    }

    public void Dispose()
    {
    }
}
