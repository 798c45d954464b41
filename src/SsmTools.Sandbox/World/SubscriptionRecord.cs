namespace SsmTools.Sandbox.World;

/// <summary>Whom a topic tells.</summary>
/// <param name="Arn">The subscription's ARN; counts once it is confirmed.</param>
/// <param name="Protocol">For example <c>email</c>.</param>
/// <param name="Endpoint">The address.</param>
/// <param name="Confirmed">Whether whoever is there has agreed.</param>
internal sealed record SubscriptionRecord(string Arn, string Protocol, string Endpoint, bool Confirmed);
