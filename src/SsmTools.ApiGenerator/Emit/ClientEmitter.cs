using SsmTools.ApiGenerator.Model;

namespace SsmTools.ApiGenerator.Emit;

/// <summary>Writes the client: one method an operation, and one more where the answers come in pages.</summary>
internal sealed class ClientEmitter(ServiceModel model)
{
    private readonly ProtocolRules _rules = new(model);

    public void Emit(CodeWriter code, IEnumerable<Operation> operations)
    {
        code.Line();
        using IDisposable body = code.Block($"internal sealed class {model.Name}Client : AwsServiceClient");
        string target = model.TargetPrefix is null ? "null" : $"\"{model.TargetPrefix}\"";
        code.Line("public static readonly AwsService Service = new("
            + $"\"{model.ServiceId}\", \"{model.EndpointPrefix}\", \"{model.ApiVersion}\", "
            + $"WireProtocol.{model.Protocol}, {target});");
        code.Line();
        code.Line($"public {model.Name}Client(AWSCredentials credentials, AwsClientConfig config)");
        code.Line("    : base(Service, credentials, config)");
        code.Line("{");
        code.Line("}");
        foreach (Operation operation in operations)
        {
            EmitOperation(code, operation);
            if (operation.Paginator is { } paginator)
            {
                EmitPages(code, operation, paginator);
            }
        }
    }

    private void EmitOperation(CodeWriter code, Operation operation)
    {
        string name = operation.Name;
        string wrapper = operation.ResultWrapper is null ? "null" : $"\"{operation.ResultWrapper}\"";
        string once = _rules.MustBeSentOnce(operation) ? "true" : "false";
        code.Line();
        code.Line($"public Task<{name}Response> {name}Async(");
        code.Line($"    {name}Request request, CancellationToken cancellationToken) =>");
        code.Line($"    SendAsync<{name}Response>(");
        string rest = model.Protocol == Protocol.RestJson
            ? $" {{ Method = \"{operation.HttpMethod}\", Path = \"{operation.RequestUri}\" }}"
            : string.Empty;
        code.Line($"        new WireOperation(\"{name}\", {wrapper}, {once}){rest}, request, cancellationToken);");
    }

    private void EmitPages(CodeWriter code, Operation operation, Paginator paginator)
    {
        string name = operation.Name;
        string request = name + "Request";
        string response = name + "Response";
        Member result = model.Shapes[operation.Output!].Members.Single(m => m.Name == paginator.ResultKey);
        string item = Names.Type(model, model.ShapeOf(model.ShapeOf(result).Element!));
        string output = $"r.{Names.Property(response, paginator.OutputToken)}";
        string next = paginator.MoreResults is { } more
            ? $"r.{Names.Property(response, more)} == true ? {output} : null"
            : output;
        string input = Names.Property(request, paginator.InputToken);
        code.Line();
        code.Line($"public IAsyncEnumerable<{item}> {name}ItemsAsync(");
        code.Line($"    {request} request, CancellationToken cancellationToken) =>");
        code.Line("    WirePages.ItemsAsync(");
        code.Line($"        request, {name}Async, static q => q.{input}, static (q, t) => q.{input} = t,");
        code.Line($"        static r => r.{Names.Property(response, paginator.ResultKey)},");
        code.Line($"        static r => {next}, cancellationToken);");
    }
}
