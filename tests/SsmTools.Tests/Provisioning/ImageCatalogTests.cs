using SsmTools.Engine.Provisioning;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class ImageCatalogTests
{
    [Theory]
    [InlineData("AmazonLinux2023", "x86_64", "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")]
    [InlineData("amazonlinux2023", "arm64", "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")]
    [InlineData("AmazonLinux2", "x86_64", "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2")]
    [InlineData("Ubuntu24.04", "x86_64", "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id")]
    [InlineData("Ubuntu22.04", "arm64", "/aws/service/canonical/ubuntu/server/22.04/stable/current/arm64/hvm/ebs-gp2/ami-id")]
    [InlineData("Debian12", "x86_64", "/aws/service/debian/release/12/latest/amd64")]
    [InlineData("WindowsServer2022", "x86_64", "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base")]
    [InlineData("WindowsServer2025", "x86_64", "/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base")]
    public void Short_names_stand_for_the_vendors_parameters(string name, string architecture, string parameter)
    {
        Assert.Equal(parameter, ImageCatalog.Find(name)?.Parameter(architecture));
    }

    [Fact]
    public void Windows_has_no_arm64_image()
    {
        Assert.Null(ImageCatalog.Find("WindowsServer2025")?.Parameter(Architectures.Arm64));
    }

    [Fact]
    public void Only_debian_lacks_the_agent()
    {
        Assert.Equal(["Debian13", "Debian12"], ImageCatalog.Names.Where(name => !ImageCatalog.Find(name)!.HasAgent));
    }

    [Fact]
    public void The_default_is_one_of_them()
    {
        Assert.Contains(ImageCatalog.Default, ImageCatalog.Names);
    }
}
