namespace SsmTools.Sandbox.Gateway;

/// <summary>A message as it came, and its sequence number if it is stream data.</summary>
internal readonly record struct RelayFrame(byte[] Bytes, long? Number);
