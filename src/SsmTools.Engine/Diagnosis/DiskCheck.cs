using System.Text.RegularExpressions;

namespace SsmTools.Engine.Diagnosis;

/// <summary>There is room on the machine's disk: an agent that cannot write neither registers nor serves sessions.</summary>
internal sealed partial class DiskCheck() : ConsoleCheck(CheckId.Disk)
{
    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, string console) => LastLine(console, Full()) is { } line
        ? Fail(new FindingCause.DiskFull(scene.NodeId), "the machine's disk is full", $"console: {line}") with
        {
            Fix = "Enlarge the root volume, reboot so that the file system grows, and make room",
            Command = $"aws ec2 describe-volumes --region {scene.Region} --filters Name=attachment.instance-id,Values={scene.NodeId}",
        }
        : Pass("the console tells of no full disk");

    [GeneratedRegex(@"no space left on device|not enough space on the disk|disk is full|ENOSPC", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Full();
}
