namespace SsmTools.Sandbox.Faults;

/// <summary>
/// Chance without state: the same seed, fault, stream and message always give the same number, so that a run can be
/// repeated.
/// </summary>
internal static class FaultDice
{
    /// <summary>A number from 0 to below 1.</summary>
    public static double Roll(int seed, int fault, long stream, long index) =>
        (Bits(seed, fault, stream, index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>64 bits.</summary>
    public static ulong Bits(int seed, int fault, long stream, long index)
    {
        ulong bits = Mix((uint)seed);
        bits = Mix(bits ^ (ulong)fault);
        bits = Mix(bits ^ (ulong)stream);
        return Mix(bits ^ (ulong)index);
    }

    /// <summary>The step of SplitMix64: every bit of what goes in moves every bit of what comes out.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
