using System.Text.Json;

namespace SsmTools.Sandbox.Wire;

/// <summary>
/// A service as its model describes it, read from the copy in this assembly. Nothing here is shared with the clients'
/// generated code, so that a mistake in one of them shows against the other.
/// </summary>
internal sealed class ServiceModel
{
    private readonly JsonElement _shapeSource;
    private readonly Dictionary<string, Shape> _shapes = new(StringComparer.Ordinal);

    private ServiceModel(string service, JsonElement root)
    {
        Service = service;
        _shapeSource = root.GetProperty("shapes");
        JsonElement metadata = root.GetProperty("metadata");
        Protocol = metadata.GetProperty("protocol").GetString() switch
        {
            "ec2" => WireProtocol.Ec2,
            "query" => WireProtocol.Query,
            "json" => WireProtocol.Json,
            "rest-json" => WireProtocol.RestJson,
            string other => throw new NotSupportedException($"Protocol {other}"),
            null => throw new NotSupportedException("No protocol"),
        };
        Namespace = Text(metadata, "xmlNamespace") ?? "";
        TargetPrefix = Text(metadata, "targetPrefix") ?? "";
        ApiVersion = Text(metadata, "apiVersion") ?? "";
        Operations = root.GetProperty("operations").EnumerateObject().ToDictionary(one => one.Name, Operation, StringComparer.Ordinal);
    }

    private ServiceModel(ServiceModel one, ServiceModel more)
    {
        _shapeSource = one._shapeSource;
        Service = one.Service;
        Protocol = one.Protocol;
        Namespace = one.Namespace;
        TargetPrefix = one.TargetPrefix;
        ApiVersion = one.ApiVersion;
        Operations = one.Operations.Concat(more.Operations).ToDictionary(StringComparer.Ordinal);
    }

    public string Service { get; }

    public WireProtocol Protocol { get; }

    public string Namespace { get; }

    public string TargetPrefix { get; }

    public string ApiVersion { get; }

    public IReadOnlyDictionary<string, OperationModel> Operations { get; }

    /// <summary>
    /// Reads a service's model: ec2, ec2-instance-connect, iam, kms, logs, scheduler, ssm, sts or ec2messages. What agents call and AWS publishes no model of is
    /// described here: <c>ssm-agent</c> is read with ssm (amazon-ssm-agent, vendor/…/service/ssm and ssmmds).
    /// </summary>
    public static ServiceModel Load(string service)
    {
        ServiceModel model = LoadOne(service);
        return service == "ssm" ? new ServiceModel(model, LoadOne("ssm-agent")) : model;
    }

    /// <summary>The operation that a REST request's method and path are for, if there is one.</summary>
    public OperationModel? At(string method, string rawPath) => Operations.Values.FirstOrDefault(
        operation => operation.Method == method && RestRequestReader.Labels(operation, rawPath) is not null);

    private static ServiceModel LoadOne(string service)
    {
        using Stream stream = typeof(ServiceModel).Assembly.GetManifestResourceStream($"Models/{service}.json")
            ?? throw new ArgumentException($"There is no model of {service}.", nameof(service));
        using JsonDocument document = JsonDocument.Parse(stream);
        return new ServiceModel(service, document.RootElement);
    }

    private static string? Text(JsonElement from, string name)
    {
        return from.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
    }

    private static double? Number(JsonElement from, string name)
    {
        return from.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : null;
    }

    private static bool Flag(JsonElement from, string name) => from.TryGetProperty(name, out JsonElement value) && value.GetBoolean();

    private static string[] Texts(JsonElement from, string name)
    {
        return from.TryGetProperty(name, out JsonElement value) ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : [];
    }

    private OperationModel Operation(JsonProperty source)
    {
        JsonElement output = source.Value.TryGetProperty("output", out JsonElement found) ? found : default;
        return new OperationModel(
            source.Name,
            source.Value.TryGetProperty("input", out JsonElement input) ? Shape(input.GetProperty("shape").GetString()!) : null,
            output.ValueKind == JsonValueKind.Object ? Shape(output.GetProperty("shape").GetString()!) : null,
            output.ValueKind == JsonValueKind.Object ? Text(output, "resultWrapper") : null)
        {
            Method = source.Value.TryGetProperty("http", out JsonElement http) ? Text(http, "method") ?? "POST" : "POST",
            Path = http.ValueKind == JsonValueKind.Object ? Text(http, "requestUri") ?? "/" : "/",
        };
    }

    private Shape Shape(string name)
    {
        if (_shapes.TryGetValue(name, out Shape? known))
        {
            return known;
        }

        JsonElement source = _shapeSource.GetProperty(name);
        Shape shape = new()
        {
            Name = name,
            Kind = source.GetProperty("type").GetString() switch
            {
                "structure" => ShapeKind.Structure,
                "list" => ShapeKind.List,
                "map" => ShapeKind.Map,
                "integer" or "long" => ShapeKind.Number,
                "double" or "float" => ShapeKind.Real,
                "boolean" => ShapeKind.Flag,
                "timestamp" => ShapeKind.Time,
                "blob" => ShapeKind.Blob,
                _ => ShapeKind.Text,
            },
            Required = Texts(source, "required"),
            Values = Texts(source, "enum"),
            Minimum = Number(source, "min"),
            Maximum = Number(source, "max"),
            Pattern = Text(source, "pattern"),
            Sensitive = Flag(source, "sensitive"),
            Flattened = Flag(source, "flattened"),
        };

        // Entered before its members are read: shapes may contain themselves.
        _shapes.Add(name, shape);
        if (source.TryGetProperty("members", out JsonElement members))
        {
            shape.Members = [.. members.EnumerateObject().Select(member => Member(member.Name, member.Value))];
        }

        if (source.TryGetProperty("member", out JsonElement item) || source.TryGetProperty("value", out item))
        {
            shape.Item = Member(shape.Kind == ShapeKind.Map ? "value" : "member", item);
        }

        if (source.TryGetProperty("key", out JsonElement key))
        {
            shape.Key = Member("key", key);
        }

        return shape;
    }

    private ShapeMember Member(string name, JsonElement source)
    {
        return new ShapeMember(name, Shape(source.GetProperty("shape").GetString()!), Text(source, "locationName"), Text(source, "queryName"))
        {
            Location = Text(source, "location"),
        };
    }
}
