namespace SsmTools.Engine.Registration;

/// <summary>A node that a target stands for, with what was learnt of it on the way; <see cref="RegistrationProbe"/> tells more.</summary>
/// <param name="InstanceId">The id: <c>i-…</c> or <c>mi-…</c>.</param>
/// <param name="Name">Its name; null where it has none, or was found by its id.</param>
/// <param name="IsWindows">Whether it is known to run Windows.</param>
public sealed record TargetNode(string InstanceId, string? Name, bool IsWindows);
