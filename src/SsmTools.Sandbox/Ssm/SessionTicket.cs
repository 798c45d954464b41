namespace SsmTools.Sandbox.Ssm;

/// <summary>Where a client opens its data channel, and the token that lets it in.</summary>
internal sealed record SessionTicket(string StreamUrl, string TokenValue)
{
    /// <summary>Without the token, which must not reach a log.</summary>
    public override string ToString() => StreamUrl;
}
