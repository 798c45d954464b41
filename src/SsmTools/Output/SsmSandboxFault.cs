namespace SsmTools.Output;

/// <summary>A fault that is switched on in the sandbox.</summary>
public sealed class SsmSandboxFault
{
    /// <summary>The fault as it was asked for; Set-SsmSandboxFault takes it again.</summary>
    public string Fault { get; internal init; } = "";

    /// <summary>Its name, without rate, place and options.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>How often it acted since it was switched on.</summary>
    public long Hits { get; internal init; }

    /// <summary>What its chance begins with.</summary>
    public int Seed { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Fault;
}
