using System.Runtime.CompilerServices;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Diagnosis;

/// <summary>Says of nodes whether they are registered, and where they are not, which link of the chain is broken.</summary>
public sealed class Doctor
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly Random _random;

    /// <summary>Creates the doctor; nothing is read yet.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the context's.</param>
    public Doctor(AwsContext context, TimeProvider? timeProvider = null)
        : this(context, timeProvider, Random.Shared)
    {
    }

    internal Doctor(AwsContext context, TimeProvider? timeProvider, Random random)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _random = random;
        _timeProvider = timeProvider ?? context.Time;
    }

    /// <summary>
    /// Examines every node, registered or not, in order, each id once. Whatever nodes share (a VPC, a role, an image) is
    /// read once for all of them. A node that is not found is looked for in the account's other regions.
    /// </summary>
    /// <param name="ids">Ids of instances (<c>i-…</c>) and hybrid nodes (<c>mi-…</c>).</param>
    /// <param name="cancellationToken">Ends the examination.</param>
    /// <exception cref="EngineException">What the service refused; a right that is missing makes a finding instead.</exception>
    public IAsyncEnumerable<NodeDiagnosis> DiagnoseAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        TestAsync(ids, isDetailed: true, cancellationToken);

    /// <summary>
    /// Tells of every node as it is now, in order, each id once, and examines those that are not registered. Registered
    /// nodes cost one call to Systems Manager for fifty and one to EC2 for a thousand; ids that are not found cost one
    /// call for each of the account's other regions, together.
    /// </summary>
    /// <param name="ids">Ids of instances (<c>i-…</c>) and hybrid nodes (<c>mi-…</c>).</param>
    /// <param name="isDetailed">Whether registered nodes are examined too.</param>
    /// <param name="cancellationToken">Ends the examination.</param>
    /// <exception cref="EngineException">What the service refused; a right that is missing makes a finding instead.</exception>
    public async IAsyncEnumerable<NodeDiagnosis> TestAsync(
        IReadOnlyList<string> ids, bool isDetailed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        NodeReader reader = new(_context, _timeProvider) { ToleratesDenial = true };
        SceneReader scenes = new(_context, _timeProvider);
        RegionSearch regions = new(_context);
        List<NodeSnapshot> window = [];
        await foreach (NodeSnapshot snapshot in reader.ReadAsync(ids.Distinct(), cancellationToken).ConfigureAwait(false))
        {
            window.Add(snapshot);
            if (window.Count == NodeReader.WindowSize)
            {
                foreach (NodeDiagnosis diagnosis in
                    await ExamineAsync(window, scenes, isDetailed, regions, cancellationToken).ConfigureAwait(false))
                {
                    yield return diagnosis;
                }

                window.Clear();
            }
        }

        foreach (NodeDiagnosis diagnosis in
            await ExamineAsync(window, scenes, isDetailed, regions, cancellationToken).ConfigureAwait(false))
        {
            yield return diagnosis;
        }
    }

    /// <summary>
    /// Waits for nodes and tells of each as soon as it is registered; of one that cannot come, as soon as that is certain;
    /// and of the rest at the time-out. Nodes are examined meanwhile, so that the progress says what is awaited of them.
    /// </summary>
    /// <param name="ids">Ids of instances (<c>i-…</c>) and hybrid nodes (<c>mi-…</c>).</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="isDetailed">Whether nodes that have registered are examined too.</param>
    /// <param name="progress">Told after each round; may be null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException">What the service refused; throttling is waited out.</exception>
    public async IAsyncEnumerable<NodeDiagnosis> WaitAsync(
        IReadOnlyList<string> ids,
        TimeSpan timeout,
        bool isDetailed,
        IProgress<RegistrationProgress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        WaitingRoom room = new(_context, _timeProvider);
        RegistrationWait wait = new(new NodeReader(_context, _timeProvider), _timeProvider, _random, room);
        await foreach (NodeRegistration node in wait.RunAsync(ids, timeout, progress, cancellationToken).ConfigureAwait(false))
        {
            yield return await room.DescribeAsync(node, isDetailed, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Examines nodes that were just looked at.</summary>
    internal static async Task<IReadOnlyList<NodeDiagnosis>> ExamineAsync(
        IReadOnlyList<NodeSnapshot> nodes,
        SceneReader reader,
        bool isDetailed,
        RegionSearch regions,
        CancellationToken cancellationToken)
    {
        NodeSnapshot[] sick = [.. nodes.Where(node => isDetailed || !node.Node.Registered)];
        IReadOnlyDictionary<string, string> elsewhere = await regions.FindAsync(
            [.. sick.Where(node => node is { Instance: null, Information: null, IsEc2Denied: false }).Select(node => node.Node.InstanceId)],
            cancellationToken).ConfigureAwait(false);
        Dictionary<string, NodeRegistration> known = sick.ToDictionary(node => node.Node.InstanceId, node => node.Node);
        Dictionary<string, NodeDiagnosis> examined = new(sick.Length);
        foreach (Scene scene in sick.Length == 0 ? [] : await reader.ReadAsync(sick, cancellationToken).ConfigureAwait(false))
        {
            examined[scene.NodeId] = await ExamineAsync(
                scene with { OtherRegion = elsewhere.GetValueOrDefault(scene.NodeId) },
                known[scene.NodeId],
                reader,
                cancellationToken).ConfigureAwait(false);
        }

        return [.. nodes.Select(node => examined.GetValueOrDefault(node.Node.InstanceId) ?? new NodeDiagnosis { Node = node.Node })];
    }

    private static async Task<NodeDiagnosis> ExamineAsync(
        Scene scene, NodeRegistration node, SceneReader reader, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        CheckList.Examine(scene, CheckList.First, findings);
        if (NeedsConsole(scene, findings))
        {
            scene = await reader.WithConsoleAsync(scene, cancellationToken).ConfigureAwait(false);
        }

        CheckList.Examine(scene, CheckList.Last, findings);
        NodeDiagnosis diagnosis = new() { Node = node, Findings = findings };

        // Without a failure the last warning says what is awaited: BackOff, Patience.
        Finding? reason = diagnosis.FirstFailure ?? findings.FindLast(finding => finding.Status == FindingStatus.Warn);
        return node.Registered || reason is null ? diagnosis : diagnosis with { Node = node with { Reason = reason.Because } };
    }

    private static bool NeedsConsole(Scene scene, List<Finding> findings) =>
        !scene.IsOnline
        && scene.Instance.Value is { State.Name: InstanceStateName.Running }
        && !findings.Exists(finding => finding.Status == FindingStatus.Fail);
}
