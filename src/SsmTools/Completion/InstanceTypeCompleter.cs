using System.Collections;
using System.Collections.Generic;

namespace SsmTools.Completion;

/// <summary>Completes instance types: the small ones that a first instance is made of. Any other can be typed.</summary>
public sealed class InstanceTypeCompleter : ValueCompleter
{
    private static readonly (string Value, string ToolTip)[] s_types =
    [
        ("t3.nano", "x86_64, 2 vCPU, 0.5 GiB"),
        ("t3.micro", "x86_64, 2 vCPU, 1 GiB"),
        ("t3.small", "x86_64, 2 vCPU, 2 GiB"),
        ("t3.medium", "x86_64, 2 vCPU, 4 GiB"),
        ("t3.large", "x86_64, 2 vCPU, 8 GiB"),
        ("t4g.nano", "arm64, 2 vCPU, 0.5 GiB"),
        ("t4g.micro", "arm64, 2 vCPU, 1 GiB"),
        ("t4g.small", "arm64, 2 vCPU, 2 GiB"),
        ("t4g.medium", "arm64, 2 vCPU, 4 GiB"),
        ("m7i.large", "x86_64, 2 vCPU, 8 GiB"),
        ("m7g.large", "arm64, 2 vCPU, 8 GiB"),
        ("c7i.large", "x86_64, 2 vCPU, 4 GiB"),
        ("c7g.large", "arm64, 2 vCPU, 4 GiB"),
    ];

    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) => s_types;
}
