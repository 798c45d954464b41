using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Wire;

/// <summary>The operations of a service that are answered, by name.</summary>
internal sealed class OperationTable
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Adds an operation that runs under the world's lock.</summary>
    public OperationTable Add(string name, Func<ApiCall, JsonObject> run)
    {
        _entries.Add(name, new Entry(run, Locked: true, Rehearses: false));
        return this;
    }

    /// <summary>Adds one that calls others (hosts, the gateway) and takes the lock for itself where it needs it.</summary>
    public OperationTable AddUnlocked(string name, Func<ApiCall, JsonObject> run)
    {
        _entries.Add(name, new Entry(run, Locked: false, Rehearses: false));
        return this;
    }

    /// <summary>Adds one that checks everything first and ends a dry run itself.</summary>
    public OperationTable AddRehearsing(string name, Func<ApiCall, JsonObject> run, bool locked = true)
    {
        _entries.Add(name, new Entry(run, locked, Rehearses: true));
        return this;
    }

    public bool Contains(string name) => _entries.ContainsKey(name);

    public JsonObject Run(string name, ApiCall call)
    {
        Entry entry = _entries[name];
        if (!entry.Rehearses)
        {
            call.EndDryRun();
        }

        if (!entry.Locked)
        {
            return entry.Run(call);
        }

        lock (call.World.Gate)
        {
            return entry.Run(call);
        }
    }

    private sealed record Entry(Func<ApiCall, JsonObject> Run, bool Locked, bool Rehearses);
}
