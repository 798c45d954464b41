using SsmTools.Engine.Protocol;

namespace SsmTools.Sandbox.Agents;

/// <summary>A piece of what a program wrote.</summary>
/// <param name="Type">Whether it is output or standard error.</param>
/// <param name="Count">How many bytes; 0 at the end of everything.</param>
internal readonly record struct ProgramOutput(PayloadType Type, int Count);
