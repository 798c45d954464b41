namespace SsmTools.Sandbox.World;

/// <summary>An instance profile's tie to an instance. The profile is looked up by name at each use: it may be gone.</summary>
internal sealed record ProfileAssociation(string AssociationId, string Arn, string ProfileId, string Name, DateTimeOffset Since);
