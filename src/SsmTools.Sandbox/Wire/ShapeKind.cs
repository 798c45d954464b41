namespace SsmTools.Sandbox.Wire;

/// <summary>What a shape of a service model holds.</summary>
internal enum ShapeKind
{
    Text,
    Number,
    Real,
    Flag,
    Time,
    Blob,
    Structure,
    List,
    Map,
}
