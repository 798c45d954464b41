using System.Text.Json;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>Writes a request as a JSON object, timestamps as seconds since 1970.</summary>
internal sealed class JsonWireWriter(Utf8JsonWriter json) : WireWriter
{
    public override void Put(string? name, string? value)
    {
        if (value is not null)
        {
            Name(name);
            json.WriteStringValue(value);
        }
    }

    public override void Put(string? name, bool? value)
    {
        if (value is { } flag)
        {
            Name(name);
            json.WriteBooleanValue(flag);
        }
    }

    public override void Put(string? name, long? value)
    {
        if (value is { } number)
        {
            Name(name);
            json.WriteNumberValue(number);
        }
    }

    public override void Put(string? name, double? value)
    {
        if (value is { } number)
        {
            Name(name);
            json.WriteNumberValue(number);
        }
    }

    public override void Put(string? name, DateTime? value)
    {
        if (value is { } time)
        {
            Name(name);
            json.WriteNumberValue((decimal)(time.ToUniversalTime() - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond);
        }
    }

    public override void Put(string? name, IWireWritable? value)
    {
        if (value is not null)
        {
            Name(name);
            json.WriteStartObject();
            value.Write(this);
            json.WriteEndObject();
        }
    }

    public override void WriteList<T>(string? name, List<T> items, WireElement<T> element)
    {
        Name(name);
        json.WriteStartArray();
        foreach (T item in items)
        {
            element(this, null, item);
        }

        json.WriteEndArray();
    }

    public override void WriteMap<T>(string? name, Dictionary<string, T> items, WireElement<T> element)
    {
        Name(name);
        json.WriteStartObject();
        foreach ((string key, T item) in items)
        {
            element(this, key, item);
        }

        json.WriteEndObject();
    }

    private void Name(string? name)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }
    }
}
