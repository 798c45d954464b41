namespace SsmTools.Sandbox.Wire;

/// <summary>An error that the caller gets to read, in the words and with the code and status that AWS gives it.</summary>
internal sealed class ServiceError : Exception
{
    public ServiceError(string code, string message, int status = 400)
        : base(message)
    {
        Code = code;
        Status = status;
    }

    public string Code { get; }

    public int Status { get; }
}
