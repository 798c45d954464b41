namespace SsmTools.Sandbox.Agents;

/// <summary>What the instance's metadata handed to the agent.</summary>
internal sealed record AgentCredentials(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expires)
{
    /// <summary>The key id only: the rest is secret.</summary>
    public override string ToString() => AccessKeyId;
}
