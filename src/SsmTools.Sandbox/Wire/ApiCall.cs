using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Wire;

/// <summary>A call that was let in: what it asks, who asks, and the account that it is about.</summary>
internal sealed record ApiCall(SandboxWorld World, Principal Caller, JsonObject Input, string RequestId)
{
    /// <summary>Gets a value indicating whether it came through TLS.</summary>
    public bool IsSecure { get; init; }

    /// <summary>A member of the request that is text, or null.</summary>
    public string? Text(string name) => Input.Text(name);

    /// <summary>A member that the model requires.</summary>
    public string Required(string name) => Input.Text(name) ?? throw new InvalidOperationException($"{name} is not required by the model.");

    /// <summary>Ends a rehearsal that got this far, in EC2's way: with an error that says it would have worked.</summary>
    public void EndDryRun()
    {
        if (Input.Flag("DryRun") == true)
        {
            throw new ServiceError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
        }
    }
}
