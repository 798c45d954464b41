namespace SsmTools.Engine.Provisioning;

/// <summary>
/// The short names of images, and where the current image id of each stands: public parameters of Systems Manager that
/// the vendors keep up to date.
/// </summary>
public static class ImageCatalog
{
    /// <summary>The short name that is taken when none is given.</summary>
    public const string Default = "AmazonLinux2023";

    private const string Amazon = "/aws/service/ami-amazon-linux-latest/";
    private const string Windows = "/aws/service/ami-windows-latest/";
    private const string Ubuntu = "/aws/service/canonical/ubuntu/server/";
    private const string Suse = "/aws/service/suse/sles/";
    private const string Debian = "/aws/service/debian/release/";

    private static readonly ImageFamily[] s_families =
    [
        new("AmazonLinux2023", Amazon + "al2023-ami-kernel-default-x86_64", Amazon + "al2023-ami-kernel-default-arm64"),
        new("AmazonLinux2", Amazon + "amzn2-ami-hvm-x86_64-gp2", Amazon + "amzn2-ami-hvm-arm64-gp2"),
        new(
            "Ubuntu24.04",
            Ubuntu + "24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
            Ubuntu + "24.04/stable/current/arm64/hvm/ebs-gp3/ami-id"),
        new(
            "Ubuntu22.04",
            Ubuntu + "22.04/stable/current/amd64/hvm/ebs-gp2/ami-id",
            Ubuntu + "22.04/stable/current/arm64/hvm/ebs-gp2/ami-id"),
        new(
            "Ubuntu20.04",
            Ubuntu + "20.04/stable/current/amd64/hvm/ebs-gp2/ami-id",
            Ubuntu + "20.04/stable/current/arm64/hvm/ebs-gp2/ami-id"),
        new("Debian13", Debian + "13/latest/amd64", Debian + "13/latest/arm64") { HasAgent = false },
        new("Debian12", Debian + "12/latest/amd64", Debian + "12/latest/arm64") { HasAgent = false },
        new("SLES15", Suse + "15-sp7/x86_64/latest", Suse + "15-sp7/arm64/latest"),
        new("WindowsServer2019", Windows + "Windows_Server-2019-English-Full-Base", null),
        new("WindowsServer2022", Windows + "Windows_Server-2022-English-Full-Base", null),
        new("WindowsServer2025", Windows + "Windows_Server-2025-English-Full-Base", null),
    ];

    /// <summary>The short names, for completion and messages.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_families.Select(family => family.Name)];

    /// <summary>The family of a short name, in any case; null where there is none.</summary>
    internal static ImageFamily? Find(string name) =>
        Array.Find(s_families, family => family.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
