using SsmTools.Sandbox;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox;

public sealed class SandboxDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _parent = new();

    public void Dispose() => _parent.Dispose();

    [Fact]
    public void What_a_killed_sandbox_left_is_removed_and_nothing_else()
    {
        using SandboxDirectory living = SandboxDirectory.Create(_parent.Path);
        string alive = Path.Combine(_parent.Path, "ssmtools-sandbox-alive");
        Directory.CreateSymbolicLink(alive, living.Path);
        string dead = Make("ssmtools-sandbox-dead", SandboxDirectory.OwnerFile);
        File.WriteAllText(Path.Combine(dead, "left"), "behind");
        string unknown = Make("ssmtools-sandbox-unknown", "notes");
        string other = Make("other", SandboxDirectory.OwnerFile);

        SandboxDirectory.Sweep(_parent.Path);

        Assert.False(Directory.Exists(dead));
        Assert.All([living.Path, alive, unknown, other], path => Assert.True(Directory.Exists(path)));
    }

    [Fact]
    public void It_is_gone_with_the_sandbox()
    {
        SandboxDirectory directory = SandboxDirectory.Create(_parent.Path);
        File.WriteAllText(Path.Combine(directory.Path, "file"), "");

        directory.Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_parent.Path));
    }

    private string Make(string name, string file)
    {
        string path = Directory.CreateDirectory(Path.Combine(_parent.Path, name)).FullName;
        File.WriteAllText(Path.Combine(path, file), "");
        return path;
    }
}
