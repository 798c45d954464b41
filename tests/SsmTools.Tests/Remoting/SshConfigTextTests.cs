using SsmTools.Engine;
using SsmTools.Engine.Remoting;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Remoting;

public sealed class SshConfigTextTests
{
    private static readonly SshConfigOptions s_unix = new() { IsWindows = false };
    private static readonly SshConfigOptions s_windows = new() { IsWindows = true };

    [Fact]
    public void The_block_is_for_nodes_and_starts_this_module() => Assert.Equal(
        """
        Host i-* mi-*
            ProxyCommand pwsh -NoLogo -NoProfile -NonInteractive -Command "Import-Module 'SsmTools'; Connect-SsmSshProxy -InstanceId '%h' -Port %p"

        """,
        SshConfigText.Write(s_unix));

    [Fact]
    public void User_key_and_what_the_proxy_needs_stand_in_it() => Assert.Equal(
        """
        Host i-* mi-*
            User ec2-user
            IdentityFile "/home/u/my keys/100%%.pem"
            ProxyCommand pwsh -NoLogo -NoProfile -NonInteractive -Command "Import-Module 'SsmTools'; Connect-SsmSshProxy -InstanceId '%h' -Port %p -Region 'eu-west-1' -ProfileName 'o''hara 5%%'"

        """,
        SshConfigText.Write(s_unix with
        {
            User = "ec2-user",
            KeyFile = "/home/u/my keys/100%.pem",
            ProxyParameters = [new("Region", "eu-west-1"), new("ProfileName", "o'hara 5%")],
        }));

    [Theory]
    [InlineData("/usr/a b/pwsh", "/m/$HOME `x` \"q\" \\.psd1", @"""/usr/a b/pwsh"" -NoLogo", @"'/m/\$HOME \`x\` \""q\"" \\.psd1'")]
    [InlineData("/usr/bin/pwsh", "SsmTools", "/usr/bin/pwsh -NoLogo", "'SsmTools'")]
    public void On_Unix_a_shell_reads_the_line(string powerShell, string module, string program, string quoted)
    {
        string text = SshConfigText.Write(s_unix with { PowerShell = powerShell, Module = module });
        Assert.Contains($"ProxyCommand {program}", text, StringComparison.Ordinal);
        Assert.Contains($"Import-Module {quoted};", text, StringComparison.Ordinal);
    }

    [Fact]
    public void On_Windows_no_shell_reads_it_and_backslashes_and_dollars_are_themselves()
    {
        string text = SshConfigText.Write(s_windows with
        {
            PowerShell = @"C:\Program Files\PowerShell\7\pwsh.exe",
            Module = @"C:\Users\a$b\SsmTools.psd1",
            KeyFile = @"C:\Users\a b\key.pem",
        });
        Assert.Contains(
            """ProxyCommand "C:\Program Files\PowerShell\7\pwsh.exe" -NoLogo -NoProfile -NonInteractive -Command "Import-Module 'C:\Users\a$b\SsmTools.psd1'; """,
            text,
            StringComparison.Ordinal);
        Assert.Contains("""IdentityFile "C:\Users\a b\key.pem" """.TrimEnd(), text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_for_Instance_Connect_is_the_public_half_of_the_one_to_sign_in_with()
    {
        using TemporaryDirectory directory = new();
        string key = Path.Combine(directory.Path, "id");
        File.WriteAllText(key + ".pub", "ssh-ed25519 AAAA");
        string text = SshConfigText.Write(s_unix with { KeyFile = key, InstanceConnect = true });
        Assert.Contains($"-UserName '%r' -PublicKeyFile '{key}.pub'", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_file_it_is_the_first_that_ssh_would_try()
    {
        using TemporaryDirectory directory = new();
        string folder = Directory.CreateDirectory(Path.Combine(directory.Path, ".ssh")).FullName;
        SshConfigOptions options = s_unix with { Home = directory.Path, InstanceConnect = true };
        Assert.Equal("KeyFileNotFound", Assert.Throws<EngineException>(() => SshConfigText.Write(options)).ErrorId);

        File.WriteAllText(Path.Combine(folder, "id_rsa.pub"), "ssh-rsa AAAA");
        Assert.Contains($"'{folder}/id_rsa.pub'", SshConfigText.Write(options).Replace('\\', '/'), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "id_ed25519.pub"), "ssh-ed25519 AAAA");
        Assert.Contains("id_ed25519.pub", SshConfigText.Write(options), StringComparison.Ordinal);
    }

    [Fact]
    public void A_public_key_that_is_not_there_is_an_error_that_says_how_to_make_it()
    {
        EngineException e = Assert.Throws<EngineException>(
            () => SshConfigText.Write(s_unix with { KeyFile = "/no/such/key", InstanceConnect = true }));
        Assert.Equal("KeyFileNotFound", e.ErrorId);
        Assert.Contains("ssh-keygen -y -f /no/such/key", e.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nHost *")]
    [InlineData("a\"b")]
    public void What_would_end_the_line_or_the_quotes_is_refused(string value)
    {
        Assert.Equal("SshConfigValueInvalid", Assert.Throws<EngineException>(
            () => SshConfigText.Write(s_unix with { User = value })).ErrorId);
        Assert.Equal("SshConfigValueInvalid", Assert.Throws<EngineException>(
            () => SshConfigText.Write(s_unix with { KeyFile = value })).ErrorId);
        Assert.Equal("SshConfigValueInvalid", Assert.Throws<EngineException>(
            () => SshConfigText.Write(s_windows with { Module = value })).ErrorId);
    }
}
