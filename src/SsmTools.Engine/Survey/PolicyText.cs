namespace SsmTools.Engine.Survey;

/// <summary>A policy under its name.</summary>
/// <param name="Name">What people call it: <c>AmazonSSMManagedInstanceCore</c>.</param>
/// <param name="Document">Its JSON, plain.</param>
internal sealed record PolicyText(string Name, string Document);
