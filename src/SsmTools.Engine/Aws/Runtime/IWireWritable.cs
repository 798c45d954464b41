namespace SsmTools.Engine.Aws.Runtime;

/// <summary>A structure that can be part of a request.</summary>
internal interface IWireWritable
{
    /// <summary>Puts every member that is set.</summary>
    /// <param name="writer">Where to.</param>
    void Write(WireWriter writer);
}
