using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>One link of the chain. A check is pure: it calls nobody and reads no clock.</summary>
internal abstract class Check(string id)
{
    /// <summary>Its stable name.</summary>
    public string Id { get; } = id;

    /// <summary>Looks at one node.</summary>
    /// <returns>Null where the check does not concern the node.</returns>
    public abstract Finding? Examine(Scene scene);

    protected Finding Pass(string because, params string[] evidence) =>
        new() { Check = Id, Status = FindingStatus.Pass, Because = because, Evidence = evidence };

    protected Finding Unknown(Obstacle obstacle, params string[] evidence) => new()
    {
        Check = Id,
        Status = FindingStatus.Unknown,
        Because = obstacle.ToString(),
        Evidence = evidence,
        Fix = obstacle.IsDenial ? $"Ask for the right to call {obstacle.Action}" : "Try again",
    };

    protected Finding Fail(FindingCause cause, string because, params string[] evidence) =>
        new() { Check = Id, Status = FindingStatus.Fail, Because = because, Evidence = evidence, Cause = cause };

    protected Finding Warn(FindingCause? cause, string because, params string[] evidence) =>
        new() { Check = Id, Status = FindingStatus.Warn, Because = because, Evidence = evidence, Cause = cause };
}
