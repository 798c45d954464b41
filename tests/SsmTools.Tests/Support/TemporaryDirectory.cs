namespace SsmTools.Tests.Support;

/// <summary>A directory that is gone after the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Its full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("ssmtools-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
