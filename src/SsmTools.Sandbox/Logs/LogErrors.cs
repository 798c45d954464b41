using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Logs;

/// <summary>CloudWatch Logs' refusals.</summary>
internal static class LogErrors
{
    public static ServiceError Invalid(string message) => new("InvalidParameterException", message);

    public static ServiceError NoGroup() => new("ResourceNotFoundException", "The specified log group does not exist.");

    public static ServiceError NoStream() => new("ResourceNotFoundException", "The specified log stream does not exist.");

    public static ServiceError BadToken() => Invalid("The specified nextToken is invalid.");
}
