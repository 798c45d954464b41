namespace SsmTools.Sandbox.World;

/// <summary>
/// Endpoints take their time: pending, then available; deleting, then gone with their interfaces. Whoever looks at them
/// settles first what is due on the sandbox's clock.
/// </summary>
internal sealed class EndpointStates(SandboxWorld world)
{
    /// <summary>Starts an endpoint on its way.</summary>
    public void Enter(VpcEndpointRecord endpoint, string state)
    {
        endpoint.State = state;
        endpoint.SettlesAt = world.Now + world.Options.EndpointDelay;
        Settle();
    }

    /// <summary>Moves on whatever is due.</summary>
    public void Settle()
    {
        DateTimeOffset now = world.Now;
        foreach (VpcEndpointRecord endpoint in world.Endpoints.Values.Where(one => one.SettlesAt <= now).ToArray())
        {
            endpoint.SettlesAt = null;
            if (endpoint.State == "pending")
            {
                endpoint.State = "available";
            }
            else if (endpoint.State == "deleting")
            {
                endpoint.State = "deleted";
                world.Endpoints.Remove(endpoint.Id);
                endpoint.InterfaceIds.ForEach(card => world.Interfaces.Remove(card));
            }
        }
    }
}
