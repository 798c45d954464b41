namespace SsmTools.Sandbox.World;

/// <summary>What an account in the sandbox starts from.</summary>
internal sealed record WorldOptions
{
    /// <summary>Gets the region; not us-east-1, so that a client that signs IAM calls for the wrong one shows.</summary>
    public string Region { get; init; } = "eu-west-1";

    /// <summary>Gets how long EC2 does not see a new instance profile.</summary>
    public TimeSpan ProfileDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long an instance stays in each state on the way to the next one.</summary>
    public TimeSpan StateDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets the seed of ids and addresses, for tests; null: random ones.</summary>
    public int? Seed { get; init; }
}
