namespace SsmTools.Sandbox.Security;

/// <summary>Why a request is not let in.</summary>
internal enum SignatureFault
{
    Missing,
    Incomplete,
    UnknownKey,
    WrongSignature,
    WrongTime,
    Expired,
    Denied,
}
