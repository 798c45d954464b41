namespace SsmTools.Engine.Diagnosis;

/// <summary>How a check ended.</summary>
public enum FindingStatus
{
    /// <summary>What was looked at is as it should be.</summary>
    Pass,

    /// <summary>It keeps the node from registering, or sessions from starting.</summary>
    Fail,

    /// <summary>It works, or may yet, but not as it should.</summary>
    Warn,

    /// <summary>It could not be looked at: the caller lacks a right that the finding names, or nothing shows it.</summary>
    Unknown,
}
