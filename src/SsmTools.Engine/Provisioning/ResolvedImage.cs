namespace SsmTools.Engine.Provisioning;

/// <summary>An image that can be launched.</summary>
/// <param name="ImageId">Its id.</param>
/// <param name="NeedsAgent">Whether the agent has to be installed when an instance first starts (Debian).</param>
internal sealed record ResolvedImage(string ImageId, bool NeedsAgent);
