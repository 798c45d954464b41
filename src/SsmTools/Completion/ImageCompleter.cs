using System.Collections;
using System.Collections.Generic;

namespace SsmTools.Completion;

/// <summary>Completes the short names of images.</summary>
public sealed class ImageCompleter : ValueCompleter
{
    private static readonly (string Value, string ToolTip)[] s_images =
    [
        ("AmazonLinux2023", "Amazon Linux 2023, the newest image; the agent is in it"),
        ("AmazonLinux2", "Amazon Linux 2, the newest image; the agent is in it"),
        ("Ubuntu24.04", "Ubuntu Server 24.04 LTS, the newest image; the agent is in it"),
        ("Ubuntu22.04", "Ubuntu Server 22.04 LTS, the newest image; the agent is in it"),
        ("Ubuntu20.04", "Ubuntu Server 20.04 LTS, the newest image; the agent is in it"),
        ("Debian13", "Debian 13, the newest image; the agent is installed at first boot"),
        ("Debian12", "Debian 12, the newest image; the agent is installed at first boot"),
        ("SLES15", "SUSE Linux Enterprise Server 15 SP7, the newest image; the agent is in it"),
        ("WindowsServer2025", "Windows Server 2025, the newest English full image; the agent is in it"),
        ("WindowsServer2022", "Windows Server 2022, the newest English full image; the agent is in it"),
        ("WindowsServer2019", "Windows Server 2019, the newest English full image; the agent is in it"),
    ];

    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) => s_images;
}
