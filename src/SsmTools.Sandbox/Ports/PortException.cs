namespace SsmTools.Sandbox.Ports;

/// <summary>A destination could not be reached. The message is for the client, in the real agent's words.</summary>
internal sealed class PortException : Exception
{
    public PortException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
