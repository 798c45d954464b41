namespace SsmTools.Sandbox.World;

/// <summary>The account's associations, and what keeps them going.</summary>
internal sealed class AssociationBook : IDisposable
{
    /// <summary>Gets the associations by id.</summary>
    public Dictionary<string, AssociationRecord> Records { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets who is told that a node's agent has come; called without the world's lock.</summary>
    public Action<string>? Connected { get; set; }

    /// <summary>A node's agent has come.</summary>
    public void OnConnected(string nodeId) => Connected?.Invoke(nodeId);

    /// <summary>Nothing runs by itself any more.</summary>
    public void Dispose()
    {
        Connected = null;
        foreach (AssociationRecord record in Records.Values)
        {
            record.Timer?.Dispose();
        }
    }
}
