namespace SsmTools.Sandbox.World;

/// <summary>Where instances live: told when one runs and when it no longer does. Called without the world's lock.</summary>
internal interface IInstanceHost
{
    void Started(InstanceRecord instance);

    void Stopped(InstanceRecord instance);
}
