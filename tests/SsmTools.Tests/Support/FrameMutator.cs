namespace SsmTools.Tests.Support;

/// <summary>Damages frames the way a hostile or broken peer would, reproducibly.</summary>
internal static class FrameMutator
{
    /// <summary>A damaged copy: bits turned, numbers made extreme, bytes cut off or added.</summary>
    public static byte[] Mutate(byte[] frame, Random random)
    {
        byte[] copy = [.. frame];
        switch (random.Next(5))
        {
            case 0:
                copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                int start = random.Next(copy.Length);
                random.NextBytes(copy.AsSpan(start, random.Next(Math.Min(16, copy.Length - start) + 1)));
                break;
            case 2:
                int word = random.Next(copy.Length / 4) * 4;
                copy.AsSpan(word, 4).Fill(random.Next(2) == 0 ? (byte)0xff : (byte)0);
                break;
            case 3:
                Array.Resize(ref copy, random.Next(copy.Length + 1));
                break;
            default:
                Array.Resize(ref copy, copy.Length + random.Next(64));
                break;
        }

        return copy;
    }

    /// <summary>
    /// A damaged copy of the kind that a receiver can notice: what the digest and the lengths guard. Nothing guards the
    /// numbers in a header.
    /// </summary>
    public static byte[] DamagePayload(byte[] frame, Random random)
    {
        byte[] copy = [.. frame];
        switch (random.Next(3))
        {
            case 0:
                copy[random.Next(120, copy.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                Array.Resize(ref copy, random.Next(copy.Length));
                break;
            default:
                Array.Resize(ref copy, copy.Length + random.Next(1, 64));
                break;
        }

        return copy;
    }
}
