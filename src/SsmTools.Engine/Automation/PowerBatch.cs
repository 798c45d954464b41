using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Automation;

/// <summary>A run of Automation and the instances that it has.</summary>
internal sealed class PowerBatch
{
    public PowerBatch(string executionId, IEnumerable<Instance> instances)
    {
        ExecutionId = executionId;
        Left = instances.ToDictionary(instance => instance.InstanceId!, StringComparer.Ordinal);
    }

    public string ExecutionId { get; }

    /// <summary>Gets those that nothing was told of yet, by id.</summary>
    public Dictionary<string, Instance> Left { get; }

    /// <summary>Gets their states when they were last looked at.</summary>
    public Dictionary<string, string> States { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets how the run ended; null while it goes on.</summary>
    public string? Ended { get; set; }
}
