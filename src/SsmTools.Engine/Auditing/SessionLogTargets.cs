namespace SsmTools.Engine.Auditing;

/// <summary>The nodes whose sessions are meant.</summary>
/// <param name="InstanceIds">Their ids.</param>
/// <param name="Problems">TargetNotFound for each name that no node has.</param>
public sealed record SessionLogTargets(IReadOnlyList<string> InstanceIds, IReadOnlyList<EngineException> Problems);
