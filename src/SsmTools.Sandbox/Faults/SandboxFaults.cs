using SsmTools.Engine;

namespace SsmTools.Sandbox.Faults;

/// <summary>What goes wrong in a sandbox: switched on, changed and off while sessions run.</summary>
public sealed class SandboxFaults
{
    private readonly object _gate = new();
    private readonly HashSet<LinkWatch> _links = [];
    private volatile FaultSet? _active;

    /// <summary>The faults that are on, in the order in which they were given.</summary>
    public IReadOnlyList<FaultStatus> Current => _active is { } active
        ? [.. active.Rules.Select(rule => new FaultStatus(rule.Fault.Text, rule.Fault.Spec.Name, rule.Hits, active.Seed))]
        : [];

    /// <summary>The same with all that the sandbox needs to know; null where none is on.</summary>
    internal FaultSet? Active => _active;

    /// <summary>Reads faults without switching them on.</summary>
    /// <exception cref="EngineException">FaultNotUnderstood: the first that is wrong, and what it should be.</exception>
    public static void Check(IEnumerable<string> faults) => Read(faults);

    /// <summary>Switches these on, and all others off.</summary>
    /// <param name="faults">Each as <c>name[=value][:option]…[@place]</c>, for example <c>drop=1%</c> or <c>close@10s</c>.</param>
    /// <param name="seed">What chance begins with: the same seed makes the same messages suffer.</param>
    /// <exception cref="EngineException">FaultNotUnderstood: the first that is wrong, and what it should be.</exception>
    public void Set(IEnumerable<string> faults, int seed = 0)
    {
        Fault[] parsed = Read(faults);
        Switch(parsed.Length == 0 ? null : new FaultSet(parsed, seed));
    }

    /// <summary>Switches all off. Links that went dead stay so, as they do in life.</summary>
    public void Clear() => Switch(null);

    /// <summary>Watches over a link until it is told that it is gone.</summary>
    internal void Add(LinkWatch link)
    {
        lock (_gate)
        {
            _links.Add(link);
        }

        link.Arm(_active);
    }

    /// <summary>The link is gone.</summary>
    internal void Remove(LinkWatch link)
    {
        lock (_gate)
        {
            _links.Remove(link);
        }
    }

    /// <summary>Whether asking for a session's link again is to fail, and by which rule.</summary>
    internal FaultRule? RefuseResume(string sessionId, string target) => Refuse(FaultKind.RefusedResume, sessionId, target);

    /// <summary>Whether a client's token is to be refused although it is good.</summary>
    internal bool RefuseToken(string sessionId, string target) => Refuse(FaultKind.ExpiredToken, sessionId, target) is not null;

    private static Fault[] Read(IEnumerable<string> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return [.. faults.Select(FaultParser.Parse)];
    }

    private FaultRule? Refuse(FaultKind kind, string sessionId, string target) => _active is { } active
        ? active.Rules.FirstOrDefault(rule => rule.Fault.Kind == kind && rule.Covers(sessionId, target) && active.Acts(rule))
        : null;

    private void Switch(FaultSet? faults)
    {
        LinkWatch[] links;
        lock (_gate)
        {
            _active = faults;
            links = [.. _links];
        }

        foreach (LinkWatch link in links)
        {
            link.Arm(faults);
        }
    }
}
