namespace SsmTools.Engine.Aws.Runtime;

/// <summary>A request some of whose members are in its path or its query.</summary>
internal interface IWireAddressed
{
    /// <summary>Puts every such member that is set.</summary>
    /// <param name="address">Where to.</param>
    void Write(WireAddress address);
}
