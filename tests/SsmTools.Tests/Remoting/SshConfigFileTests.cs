using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Remoting;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Remoting;

public sealed class SshConfigFileTests : IDisposable
{
    private const string Block = "Host i-*\n    User é\n";

    private readonly TemporaryDirectory _directory = new();

    private string ConfigPath => Path.Combine(_directory.Path, ".ssh", "config");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_file_that_is_not_there_is_made_for_its_owner_alone()
    {
        Plan<string> plan = await PlanAsync(Block);
        Assert.Equal("Write ssh's configuration of nodes", Assert.Single(plan.Changes).Action);
        Assert.False(File.Exists(ConfigPath));

        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal($"{SshConfigFile.Begin}\n{Block}{SshConfigFile.End}\n", File.ReadAllText(ConfigPath));
        Assert.Equal([ConfigPath], Directory.GetFiles(Path.GetDirectoryName(ConfigPath)!));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ConfigPath));
        }
    }

    [Fact]
    public async Task Nothing_is_to_be_changed_where_it_stands_already()
    {
        await (await PlanAsync(Block)).ApplyAsync(TestTimeout.Token);
        Assert.Empty((await PlanAsync(Block)).Changes);
    }

    [Theory]
    [InlineData("Host a\n    User b\n", "\n")]
    [InlineData("Host a\n    User b", "\n\n")]
    [InlineData("Host a\r\n    User b\r\n", "\r\n")]
    public async Task What_is_there_stays_and_the_block_follows(string before, string gap)
    {
        Write(before);
        await (await PlanAsync(Block)).ApplyAsync(TestTimeout.Token);
        string lineEnd = gap.Contains('\r', StringComparison.Ordinal) ? "\r\n" : "\n";
        string block = $"{SshConfigFile.Begin}\n{Block}{SshConfigFile.End}\n".Replace("\n", lineEnd, StringComparison.Ordinal);
        Assert.Equal(before + gap + block, File.ReadAllText(ConfigPath));
    }

    [Fact]
    public async Task Only_the_block_is_replaced_whatever_bytes_stand_around_it()
    {
        byte[] before = [.. Encoding.UTF8.GetBytes("# caf\n"), 0xE9, 0xFF, 0x0A];
        byte[] after = [.. Encoding.UTF8.GetBytes("\nHost *\n  X y"), 0x80];
        byte[] block = Encoding.UTF8.GetBytes($"{SshConfigFile.Begin}\nold\n{SshConfigFile.End}\n");
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        File.WriteAllBytes(ConfigPath, [.. before, .. block, .. after]);

        Plan<string> plan = await PlanAsync(Block);
        Assert.Equal("Replace ssh's configuration of nodes", Assert.Single(plan.Changes).Action);
        await plan.ApplyAsync(TestTimeout.Token);

        byte[] wanted = Encoding.UTF8.GetBytes($"{SshConfigFile.Begin}\n{Block}{SshConfigFile.End}\n");
        Assert.Equal([.. before, .. wanted, .. after], (IEnumerable<byte>)File.ReadAllBytes(ConfigPath));
    }

    [Theory]
    [InlineData("{0}\nx\n")]
    [InlineData("x\n{1}\n")]
    [InlineData("{1}\n{0}\n")]
    [InlineData("{0}\n{1}\n{0}\n{1}\n")]
    public async Task Lines_that_do_not_belong_together_are_left_alone(string pattern)
    {
        string text = string.Format(null, pattern, SshConfigFile.Begin, SshConfigFile.End);
        Write(text);
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(Block));
        Assert.Equal("SshConfigMarkersBroken", e.ErrorId);
        Assert.Equal(text, File.ReadAllText(ConfigPath));
    }

    [Fact]
    public async Task A_line_that_only_mentions_the_marker_is_none()
    {
        Write($"# see {SshConfigFile.Begin}\n{SshConfigFile.End} or so\n");
        Assert.Equal("Add ssh's configuration of nodes", Assert.Single((await PlanAsync(Block)).Changes).Action);
    }

    [UnixFact]
    public async Task A_link_stays_one_and_the_rights_stay_as_they_are()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string real = Path.Combine(_directory.Path, "dotfiles");
        File.WriteAllText(real, "Host a\n");
        UnixFileMode rights = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(real, rights);
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        File.CreateSymbolicLink(ConfigPath, real);

        await (await PlanAsync(Block)).ApplyAsync(TestTimeout.Token);

        Assert.Equal(real, File.ResolveLinkTarget(ConfigPath, returnFinalTarget: true)!.FullName);
        Assert.StartsWith("Host a\n", File.ReadAllText(real), StringComparison.Ordinal);
        Assert.Equal(rights, File.GetUnixFileMode(real));
    }

    [Fact]
    public async Task A_folder_in_the_place_of_the_file_is_an_error()
    {
        Directory.CreateDirectory(ConfigPath);
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(Block));
        Assert.Equal("SshConfigUnreadable", e.ErrorId);
    }

    private Task<Plan<string>> PlanAsync(string block) => SshConfigFile.PlanAsync(ConfigPath, block, TestTimeout.Token);

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        File.WriteAllText(ConfigPath, text);
    }
}
