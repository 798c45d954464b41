namespace SsmTools.Engine.Sessions;

/// <summary>How it stands with the link of a session, where its owner is to know.</summary>
internal enum LinkState
{
    /// <summary>All is well again.</summary>
    Back,

    /// <summary>The link is lost and a new one is sought.</summary>
    Away,

    /// <summary>There is a link, but the node answers nothing.</summary>
    Unanswered,
}
