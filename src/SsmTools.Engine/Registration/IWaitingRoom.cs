namespace SsmTools.Engine.Registration;

/// <summary>Who looks after nodes that are waited for.</summary>
internal interface IWaitingRoom
{
    /// <summary>Notes how a node is now.</summary>
    void Note(NodeSnapshot snapshot);

    /// <summary>Sees to those that are still awaited, if it is time again.</summary>
    /// <param name="ids">The nodes.</param>
    /// <param name="elapsed">How long the wait has gone on.</param>
    /// <param name="isLast">Whether it ends now.</param>
    /// <param name="cancellationToken">Ends the visit.</param>
    /// <returns>What is new of whom: the node with its reason, and whether it cannot come.</returns>
    Task<IReadOnlyDictionary<string, (NodeRegistration Node, bool IsHopeless)>> VisitAsync(
        IReadOnlyList<string> ids, TimeSpan elapsed, bool isLast, CancellationToken cancellationToken);
}
