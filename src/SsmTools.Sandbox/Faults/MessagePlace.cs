namespace SsmTools.Sandbox.Faults;

/// <summary>Where a message stands, which is all that its fate hangs on.</summary>
/// <param name="Stream">Session and direction as a number.</param>
/// <param name="Index">How many messages went the same way before it.</param>
/// <param name="FirstByte">How many bytes of the stream went before it.</param>
/// <param name="Length">How many of them it holds; 0 where it is no piece of the stream.</param>
internal readonly record struct MessagePlace(long Stream, long Index, long FirstByte, int Length)
{
    /// <summary>Whether a rule that goes by place or chance acts on it.</summary>
    public bool IsHit(FaultSet set, FaultRule rule) => rule.Fault.AtByte is long at
        ? at >= FirstByte && at < FirstByte + Length && set.Acts(rule, Stream, Index)
        : set.Acts(rule, Stream, Index);
}
