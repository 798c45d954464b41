namespace SsmTools.Engine.Smux;

/// <summary>What happened in a <see cref="SmuxSession"/>.</summary>
/// <param name="Kind">What sort of event.</param>
/// <param name="StreamId">Whose it is; 0 for none.</param>
/// <param name="Data"><see cref="SmuxEventKind.Data"/>: a window onto the bytes received, valid until more are given in.</param>
/// <param name="Text"><see cref="SmuxEventKind.Broken"/>: why, a whole sentence.</param>
internal readonly record struct SmuxEvent(
    SmuxEventKind Kind, uint StreamId = 0, ReadOnlyMemory<byte> Data = default, string? Text = null);
