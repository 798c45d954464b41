using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>The instances of one request: those that were there, then those launched; each once.</summary>
internal sealed class LaunchSet
{
    private readonly Dictionary<string, Instance> _instances = [];

    /// <summary>Begins with what is there.</summary>
    public LaunchSet(IEnumerable<Instance> existing) => Add(existing);

    /// <summary>How many there are.</summary>
    public int Count => _instances.Count;

    /// <summary>Their ids.</summary>
    public IEnumerable<string> Ids => _instances.Keys;

    /// <summary>The instances as they were last seen, in order.</summary>
    public IEnumerable<Instance> Instances => _instances.Values;

    /// <summary>How many there are in a subnet.</summary>
    public int CountIn(string subnetId) => _instances.Values.Count(instance => instance.SubnetId == subnetId);

    /// <summary>Adds what was launched; what is in already stays in once.</summary>
    public void Add(IEnumerable<Instance> instances)
    {
        foreach (Instance instance in instances)
        {
            _instances[instance.InstanceId!] = instance;
        }
    }
}
