using System.Text;
using SsmTools.Engine.Provisioning;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class AgentInstallTests
{
    [Theory]
    [InlineData("eu-west-1", "aws", "x86_64", "https://s3.eu-west-1.amazonaws.com/amazon-ssm-eu-west-1/latest/debian_amd64/amazon-ssm-agent.deb")]
    [InlineData("us-gov-west-1", "aws-us-gov", "arm64", "https://s3.us-gov-west-1.amazonaws.com/amazon-ssm-us-gov-west-1/latest/debian_arm64/amazon-ssm-agent.deb")]
    [InlineData("cn-north-1", "aws-cn", "x86_64", "https://s3.cn-north-1.amazonaws.com.cn/amazon-ssm-cn-north-1/latest/debian_amd64/amazon-ssm-agent.deb")]
    public void The_package_comes_from_the_regions_own_bucket(string region, string partition, string architecture, string url)
    {
        Assert.Equal(url, AgentInstall.PackageUrl(region, partition, architecture));
    }

    [Fact]
    public void Alone_it_is_a_shell_script()
    {
        string script = AgentInstall.UserData("https://example.test/a.deb", null);

        Assert.StartsWith("#!/bin/sh\n", script, StringComparison.Ordinal);
        Assert.Contains("url='https://example.test/a.deb'", script, StringComparison.Ordinal);
        Assert.Contains("systemctl enable --now amazon-ssm-agent", script, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', script);
    }

    [Theory]
    [InlineData("#!/bin/bash\necho hello\n", "text/x-shellscript")]
    [InlineData("#cloud-config\npackages: [nginx]\n", "text/cloud-config")]
    public void The_users_own_comes_after_it_whole(string own, string type)
    {
        string mime = AgentInstall.UserData("https://example.test/a.deb", own);

        string[] parts = mime.Split("--==ssmtools-user-data==");
        Assert.Equal(4, parts.Length);
        Assert.StartsWith("Content-Type: multipart/mixed; boundary=\"==ssmtools-user-data==\"\n", mime, StringComparison.Ordinal);
        Assert.StartsWith("#!/bin/sh", Body(parts[1]), StringComparison.Ordinal);
        Assert.Contains($"Content-Type: {type};", parts[2], StringComparison.Ordinal);
        Assert.Equal(own, Body(parts[2]));
        Assert.Equal("--\n", parts[3]);
    }

    private static string Body(string part) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(part[(part.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]));
}
