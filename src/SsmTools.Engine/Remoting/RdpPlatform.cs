namespace SsmTools.Engine.Remoting;

/// <summary>The platforms that have Remote Desktop clients of their own.</summary>
internal enum RdpPlatform
{
    /// <summary>mstsc.</summary>
    Windows,

    /// <summary>Windows App, or Microsoft Remote Desktop.</summary>
    MacOS,

    /// <summary>FreeRDP or Remmina.</summary>
    Linux,
}
