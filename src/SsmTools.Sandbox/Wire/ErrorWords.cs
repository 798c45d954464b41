namespace SsmTools.Sandbox.Wire;

/// <summary>The codes that differ from protocol to protocol for the same fault in a request.</summary>
internal static class ErrorWords
{
    /// <summary>A request whose form cannot be read at all.</summary>
    public static ServiceError Unreadable(WireProtocol protocol, string message) => protocol switch
    {
        WireProtocol.Json or WireProtocol.RestJson => new ServiceError("SerializationException", message),
        WireProtocol.Ec2 => new ServiceError("InvalidParameterValue", message),
        WireProtocol.RestXml => new ServiceError("MalformedXML", message),
        _ => new ServiceError("MalformedInput", message),
    };

    public static ServiceError UnknownOperation(WireProtocol protocol, string name, string version) => protocol switch
    {
        WireProtocol.Json => new ServiceError("UnknownOperationException", ""),
        WireProtocol.RestJson => new ServiceError("UnknownOperationException", "", 404),
        WireProtocol.Ec2 => new ServiceError("InvalidAction", $"The action {name} is not valid for this web service."),
        _ => new ServiceError("InvalidAction", $"Could not find operation {name} for version {version}"),
    };

    public static ServiceError Internal(WireProtocol protocol) => protocol switch
    {
        WireProtocol.Json => new ServiceError("InternalServerError", "An internal error occurred.", 500),
        WireProtocol.RestJson => new ServiceError("InternalServerException", "An internal error occurred.", 500),
        WireProtocol.Ec2 => new ServiceError("InternalError", "An internal error has occurred", 500),
        WireProtocol.RestXml => new ServiceError("InternalError", "We encountered an internal error. Please try again.", 500),
        _ => new ServiceError("ServiceFailure", "An internal error occurred.", 500),
    };
}
