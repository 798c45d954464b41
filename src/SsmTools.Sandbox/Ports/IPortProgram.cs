using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Agents;

namespace SsmTools.Sandbox.Ports;

/// <summary>What runs in a port session: it takes input at once or not at all, and is told flags.</summary>
internal interface IPortProgram : ISessionProgram
{
    /// <summary>Completes when it has room for more input. What comes before is not to be taken in.</summary>
    Task Room { get; }

    /// <summary>Takes input, all of it, and keeps nothing of the memory that it lies in.</summary>
    void Take(ReadOnlyMemory<byte> data);

    /// <summary>The client raised a flag.</summary>
    void Signal(StreamFlag flag);
}
