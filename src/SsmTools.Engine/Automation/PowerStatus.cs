namespace SsmTools.Engine.Automation;

/// <summary>How far the start or stop of an instance came.</summary>
public enum PowerStatus
{
    /// <summary>It was so already.</summary>
    Unchanged,

    /// <summary>Automation has it; nobody waited.</summary>
    Requested,

    /// <summary>It is in the state that was asked for.</summary>
    Success,

    /// <summary>EC2 or Automation could not do it.</summary>
    Failed,

    /// <summary>Too many others had failed: its turn never came.</summary>
    NotStarted,

    /// <summary>It was not there when the wait ended.</summary>
    TimedOut,
}
