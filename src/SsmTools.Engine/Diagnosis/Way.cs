namespace SsmTools.Engine.Diagnosis;

/// <summary>Where a subnet's default route leads.</summary>
internal enum Way
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Out, as far as can be seen.</summary>
    Works,

    /// <summary>To something that is gone, or that serves only machines with a public address.</summary>
    Nowhere,

    /// <summary>The routes could not be read.</summary>
    Unknown,
}
