namespace SsmTools.Sandbox.Agents;

/// <summary>Something the agent needs did not answer as it must; the agent tries again later.</summary>
internal sealed class AgentException : Exception
{
    public AgentException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
