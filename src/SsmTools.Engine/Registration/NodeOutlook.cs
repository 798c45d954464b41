namespace SsmTools.Engine.Registration;

/// <summary>What may become of a node.</summary>
internal enum NodeOutlook
{
    /// <summary>It is there.</summary>
    Registered,

    /// <summary>It may still come.</summary>
    Pending,

    /// <summary>EC2 does not know it: a wrong id, or one so new that EC2 does not list it yet.</summary>
    Unknown,

    /// <summary>It cannot come any more.</summary>
    Hopeless,
}
