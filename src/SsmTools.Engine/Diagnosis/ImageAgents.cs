using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>Which images bring the agent, by what their publishers call them.</summary>
internal static class ImageAgents
{
    // AWS's list of images with the agent preinstalled; those without come first, since their names contain the others'.
    private static readonly (string Part, bool HasAgent)[] s_names =
    [
        ("al2023-ami-minimal", false),
        ("amzn2-ami-minimal", false),
        ("amzn-ami-minimal", false),
        ("ubuntu-minimal", false),
        ("al2023-ami", true),
        ("amzn2-ami", true),
        ("amzn-ami", true),
        ("amazon-eks-node-al2023", true),
        ("bottlerocket", true),
        ("ubuntu/images/", true),
        ("Windows_Server-", true),
        ("suse-sles-1", true),
        ("amzn-ec2-macos", true),
        ("debian-", false),
        ("RHEL-", false),
        ("CentOS", false),
        ("Rocky-", false),
        ("AlmaLinux", false),
        ("OL8", false),
        ("OL9", false),
        ("Fedora", false),
        ("FreeBSD", false),
    ];

    /// <summary>Whether an image brings it; null where that cannot be told.</summary>
    public static bool? Of(Image? image)
    {
        foreach ((string part, bool hasAgent) in s_names)
        {
            if (image?.Name?.Contains(part, StringComparison.OrdinalIgnoreCase) == true)
            {
                return hasAgent;
            }
        }

        return null;
    }
}
