namespace SsmTools.Engine.Provisioning;

/// <summary>One policy to be written into a role.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Document">Its JSON.</param>
/// <param name="What">What it allows, in words that follow "to".</param>
internal sealed record SessionPolicy(string Name, string Document, string What);
