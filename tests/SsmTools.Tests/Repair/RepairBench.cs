using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Repair;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Repair;

/// <summary>Doctor and repair in a sandbox, in time that takes none.</summary>
internal sealed class RepairBench
{
    private readonly TestSandbox _sandbox;
    private readonly SkippingTimeProvider _time;

    public RepairBench(TestSandbox sandbox)
    {
        _sandbox = sandbox;
        _time = new SkippingTimeProvider(sandbox.Host.Clock);
        Planner = new RepairPlanner(sandbox.Aws, _time);
    }

    public RepairPlanner Planner { get; }

    public async Task<NodeDiagnosis> DiagnoseAsync(string id) => (await DiagnoseAllAsync(id))[0];

    public async Task<IReadOnlyList<NodeDiagnosis>> DiagnoseAllAsync(params string[] ids)
    {
        List<NodeDiagnosis> all = [];
        await foreach (NodeDiagnosis diagnosis in new Doctor(_sandbox.Aws, _time).DiagnoseAsync(ids, TestTimeout.Token))
        {
            all.Add(diagnosis);
        }

        return all;
    }

    public Task<Plan<IReadOnlyList<string>>> PlanAsync(NodeDiagnosis diagnosis, bool reboot = false) =>
        PlanAsync([diagnosis], new RepairOptions { Reboot = reboot });

    public Task<Plan<IReadOnlyList<string>>> PlanAsync(IReadOnlyList<NodeDiagnosis> diagnoses, RepairOptions? options = null) =>
        Planner.PlanAsync(diagnoses, options ?? new RepairOptions(), TestTimeout.Token);
}
