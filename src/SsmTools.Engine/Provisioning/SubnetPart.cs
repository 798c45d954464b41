namespace SsmTools.Engine.Provisioning;

/// <summary>A subnet that is there, or that a plan makes: it has its id by the time that later changes need it.</summary>
internal sealed class SubnetPart
{
    /// <summary>The id; null until it is made.</summary>
    public string? Id { get; set; }

    /// <summary>Its zone.</summary>
    public required string Zone { get; init; }

    /// <summary>Its range.</summary>
    public required string Cidr { get; init; }

    /// <summary>For messages.</summary>
    public override string ToString() => Id ?? $"{Cidr} in {Zone}";
}
