using System.Globalization;
using System.Security.Cryptography;

namespace SsmTools.Sandbox.World;

/// <summary>Makes identifiers of AWS's shapes. Never used for secrets: a seeded source repeats itself.</summary>
internal sealed class IdSource
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private readonly Random? _seeded;

    public IdSource(int? seed = null)
    {
        _seeded = seed is int value ? new Random(value) : null;
    }

    /// <summary>An EC2 id: the prefix, a hyphen, 17 hexadecimal digits of which the first is 0.</summary>
    public string Ec2(string prefix) => $"{prefix}-0{Hex(16)}";

    /// <summary>An IAM id: four letters for the kind, then 17 of base 32.</summary>
    public string Iam(string prefix)
    {
        return string.Create(prefix.Length + 17, (prefix, Bytes(17)), static (text, from) =>
        {
            from.prefix.CopyTo(text);
            for (int i = 0; i < 17; i++)
            {
                text[from.prefix.Length + i] = Base32[from.Item2[i] & 31];
            }
        });
    }

    /// <summary>An account's number: twelve digits.</summary>
    public string Account()
    {
        long number = BitConverter.ToInt64(Bytes(8)) & long.MaxValue;
        return (100_000_000_000 + (number % 900_000_000_000)).ToString(CultureInfo.InvariantCulture);
    }

    public string Hex(int digits) => Convert.ToHexString(Bytes((digits + 1) / 2)).ToLowerInvariant()[..digits];

    public string Uuid() => new Guid(Bytes(16)).ToString("D");

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        if (_seeded is null)
        {
            RandomNumberGenerator.Fill(bytes);
            return bytes;
        }

        lock (_seeded)
        {
            _seeded.NextBytes(bytes);
        }

        return bytes;
    }
}
