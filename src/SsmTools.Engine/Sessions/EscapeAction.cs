namespace SsmTools.Engine.Sessions;

/// <summary>What an escape asks for.</summary>
internal enum EscapeAction
{
    /// <summary>Nothing: all bytes were taken.</summary>
    None,

    /// <summary>To leave the session.</summary>
    Leave,

    /// <summary>To show what escapes there are.</summary>
    Help,
}
