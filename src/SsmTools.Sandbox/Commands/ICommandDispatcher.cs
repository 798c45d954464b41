using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Commands;

/// <summary>Brings commands to nodes. Called without the world's lock.</summary>
internal interface ICommandDispatcher
{
    /// <summary>Sends a command to its nodes, as many at once as it allows.</summary>
    void Start(CommandRecord command);

    /// <summary>Calls a command off, on these nodes, or on all where there are none given.</summary>
    void Cancel(CommandRecord command, IReadOnlyCollection<string> nodeIds);
}
