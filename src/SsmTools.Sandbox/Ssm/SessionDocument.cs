namespace SsmTools.Sandbox.Ssm;

/// <summary>A session document.</summary>
internal sealed record SessionDocument(string Name, string SessionType, string Description, IReadOnlyList<SessionParameter> Parameters);
