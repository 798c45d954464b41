using System.Globalization;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>
/// Writes a request as form fields, nested names joined by dots. What EC2 and the other query services do differently
/// (<c>Tag.1</c> and <c>Tags.member.1</c>) is in the names that the generated code gives.
/// </summary>
internal sealed class QueryWireWriter(IDictionary<string, string> fields) : WireWriter
{
    private string _prefix = string.Empty;

    public override void Put(string? name, string? value)
    {
        if (value is not null)
        {
            fields[_prefix + name] = value;
        }
    }

    public override void Put(string? name, bool? value) =>
        Put(name, value switch { null => null, true => "true", false => "false" });

    public override void Put(string? name, long? value) =>
        Put(name, value?.ToString(CultureInfo.InvariantCulture));

    public override void Put(string? name, double? value) => Put(name, value is { } number ? Format(number) : null);

    public override void Put(string? name, DateTime? value) =>
        Put(name, value?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));

    public override void Put(string? name, IWireWritable? value)
    {
        if (value is not null)
        {
            string outer = _prefix;
            _prefix = outer + name + ".";
            value.Write(this);
            _prefix = outer;
        }
    }

    public override void WriteList<T>(string? name, List<T> items, WireElement<T> element)
    {
        for (int i = 0; i < items.Count; i++)
        {
            element(this, string.Create(CultureInfo.InvariantCulture, $"{name}.{i + 1}"), items[i]);
        }
    }

    public override void WriteMap<T>(string? name, Dictionary<string, T> items, WireElement<T> element)
    {
        int number = 0;
        foreach ((string key, T item) in items)
        {
            string entry = string.Create(CultureInfo.InvariantCulture, $"{name}.entry.{++number}");
            Put(entry + ".key", key);
            element(this, entry + ".value", item);
        }
    }
}
