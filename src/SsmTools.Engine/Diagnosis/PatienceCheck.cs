using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The machine has had the time that it takes.</summary>
internal sealed class PatienceCheck() : Check(CheckId.Patience)
{
    /// <summary>What a machine takes from its launch to its first word at most, if nothing is wrong.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (scene.Instance.Value is not { LaunchTime: { } launched, State.Name: InstanceStateName.Running })
        {
            return null;
        }

        DateTimeOffset start = new(launched, TimeSpan.Zero);
        string ago = RegistrationReason.Span(scene.Now - start);
        string[] evidence = [$"launched {start:u}"];
        if (scene.IsOnline)
        {
            return Pass($"launched {ago} ago, and there", evidence);
        }

        if (scene.IsExplained)
        {
            return null;
        }

        if (scene.Now - start >= Patience)
        {
            return Pass($"launched {ago} ago: it has had its time", evidence);
        }

        string since = scene.Association.Value?.Timestamp is { } attached
            ? $"profile attached {RegistrationReason.Span(scene.Now - new DateTimeOffset(attached, TimeSpan.Zero))} ago"
            : $"launched {ago} ago";
        return Warn(null, $"{since}, agent not yet seen", evidence) with
        {
            Fix = "Wait: an agent takes up to five minutes",
            Command = $"Test-SsmRegistration {scene.NodeId} -Wait",
        };
    }
}
