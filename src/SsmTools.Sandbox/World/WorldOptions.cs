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

    /// <summary>Gets how long an endpoint is pending, and how long it is deleting.</summary>
    public TimeSpan EndpointDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how many VPCs the account may have; null for no quota.</summary>
    public int? VpcLimit { get; init; }

    /// <summary>Gets how many endpoints a VPC may have; null for no quota.</summary>
    public int? EndpointLimit { get; init; }

    /// <summary>Gets how many sessions there may be at once; null for no quota.</summary>
    public int? SessionLimit { get; init; }

    /// <summary>Gets the services that some zones lack: ssm, and eu-west-1c.</summary>
    public IReadOnlyList<(string Service, string Zone)> ServiceGaps { get; init; } = [];

    /// <summary>Gets the seed of ids and addresses, for tests; null: random ones.</summary>
    public int? Seed { get; init; }
}
