using System.Runtime.CompilerServices;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>Says of nodes whether they are registered, and where they are not, which link of the chain is broken.</summary>
public sealed class Doctor
{
    private static readonly Check[] s_checks = [new InstanceStateCheck(), new InstanceProfileCheck(), new MetadataCheck()];

    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates the doctor; nothing is read yet.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the context's.</param>
    public Doctor(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? context.Time;
    }

    /// <summary>
    /// Examines every node, registered or not, in order, each id once. Whatever nodes share (a VPC, a role, an image) is
    /// read once for all of them.
    /// </summary>
    /// <param name="ids">Ids of instances (<c>i-…</c>) and hybrid nodes (<c>mi-…</c>).</param>
    /// <param name="cancellationToken">Ends the examination.</param>
    /// <exception cref="EngineException">What the service refused; a right that is missing makes a finding instead.</exception>
    public async IAsyncEnumerable<NodeDiagnosis> DiagnoseAsync(
        IReadOnlyList<string> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        NodeReader reader = new(_context, _timeProvider);
        await foreach (NodeSnapshot snapshot in reader.ReadAsync(ids.Distinct(), cancellationToken).ConfigureAwait(false))
        {
            Scene scene = new()
            {
                NodeId = snapshot.Node.InstanceId,
                Now = _timeProvider.GetUtcNow(),
                Region = _context.Region,
                Partition = _context.Partition,
                Information = snapshot.Information,
                Instance = snapshot.IsEc2Denied ? Obstacle.Denied("ec2:DescribeInstances") : snapshot.Instance,
            };
            yield return new NodeDiagnosis { Node = snapshot.Node, Findings = Examine(scene) };
        }
    }

    private static List<Finding> Examine(Scene scene)
    {
        List<Finding> findings = [];
        foreach (Check check in s_checks)
        {
            if (check.Examine(scene with { IsExplained = findings.Exists(finding => finding.Status == FindingStatus.Fail) }) is { } finding)
            {
                findings.Add(finding);
            }
        }

        return findings;
    }
}
