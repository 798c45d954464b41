namespace SsmTools.Sandbox.World;

/// <summary>A log stream.</summary>
internal sealed class LogStreamRecord(string name, DateTimeOffset created)
{
    public string Name => name;

    public DateTimeOffset Created => created;

    /// <summary>Gets the events in the order of their times, and of their arrival within one.</summary>
    public List<LogEventRecord> Events { get; } = [];

    /// <summary>Puts an event in its place.</summary>
    public void Add(LogEventRecord one)
    {
        int index = Events.Count;
        while (index > 0 && Events[index - 1].Timestamp > one.Timestamp)
        {
            index--;
        }

        Events.Insert(index, one);
    }
}
