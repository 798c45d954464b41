namespace SsmTools.Engine.Automation;

/// <summary>What is to become of instances.</summary>
public enum PowerAction
{
    /// <summary>They are to run.</summary>
    Start,

    /// <summary>They are to be stopped.</summary>
    Stop,
}
