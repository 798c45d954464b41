using System.Globalization;
using System.Text;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>Puts one element of a list or a map; <paramref name="name"/> is what the writer calls it.</summary>
/// <typeparam name="T">The element's type.</typeparam>
/// <param name="writer">Where to.</param>
/// <param name="name">The element's name; null where elements have none.</param>
/// <param name="value">The element.</param>
internal delegate void WireElement<in T>(WireWriter writer, string? name, T value);

/// <summary>
/// Takes a request's members one after the other and puts them into the form of a protocol. Null values are left out,
/// and so are empty lists and maps where a member would hold them.
/// </summary>
internal abstract class WireWriter
{
    public abstract void Put(string? name, string? value);

    public abstract void Put(string? name, bool? value);

    public abstract void Put(string? name, long? value);

    public abstract void Put(string? name, double? value);

    public abstract void Put(string? name, DateTime? value);

    public abstract void Put(string? name, IWireWritable? value);

    public abstract void WriteList<T>(string? name, List<T> items, WireElement<T> element);

    public abstract void WriteMap<T>(string? name, Dictionary<string, T> items, WireElement<T> element);

    public void Put(string? name, int? value) => Put(name, (long?)value);

    public void Put(string? name, byte[]? value) => Put(name, value is null ? null : Convert.ToBase64String(value));

    /// <summary>For members that the model calls text and that the service expects as base64 of it.</summary>
    public void PutBase64Text(string? name, string? value) =>
        Put(name, value is null ? null : Encoding.UTF8.GetBytes(value));

    public void PutList<T>(string name, List<T> items, WireElement<T> element)
    {
        if (items.Count > 0)
        {
            WriteList(name, items, element);
        }
    }

    public void PutMap<T>(string name, Dictionary<string, T> items, WireElement<T> element)
    {
        if (items.Count > 0)
        {
            WriteMap(name, items, element);
        }
    }

    protected static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
