namespace SsmTools.Engine.Aws.Runtime;

/// <summary>A structure that can be part of an answer.</summary>
internal interface IWireReadable
{
    /// <summary>Takes over the value at which the reader stands.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="name">The member's name on the wire.</param>
    /// <returns>False when there is no such member; the reader then still stands at the value.</returns>
    bool Read(WireReader reader, string name);
}
