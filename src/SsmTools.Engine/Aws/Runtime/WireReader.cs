using System.Globalization;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>
/// Gives the values of an answer. It stands at one value at a time, and each value is taken once; values that nothing
/// asks for are skipped.
/// </summary>
internal abstract class WireReader
{
    /// <summary>The text of a scalar; null where the answer says null, or nothing in place of a number.</summary>
    protected abstract string? Scalar();

    public abstract string? String();

    public abstract T? Structure<T>(T target)
        where T : class, IWireReadable;

    public abstract List<T> List<T>(List<T> target, Func<WireReader, T?> element);

    public abstract Dictionary<string, T> Map<T>(Dictionary<string, T> target, Func<WireReader, T?> element);

    public int? Integer() => Scalar() is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public long? Long() => Scalar() is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    public double? Double() => Scalar() is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    public bool? Boolean() => Scalar() is { } text ? bool.Parse(text) : null;

    /// <summary>Seconds since 1970, with a fraction or without, or ISO 8601: services use both. UTC.</summary>
    public DateTime? Timestamp() => Scalar() is { } text ? WireText.ParseTimestamp(text) : null;

    public byte[]? Blob() => Scalar() is { } text ? Convert.FromBase64String(text) : null;
}
