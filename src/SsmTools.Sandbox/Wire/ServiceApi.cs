using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Trail;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Wire;

/// <summary>One service: its model, its operations, and the way from a request to an answer.</summary>
internal sealed class ServiceApi(SandboxWorld world, ServiceModel model, OperationTable operations)
{
    private readonly RequestValidator _validator = new(model.Protocol);
    private readonly XmlResponseWriter _xml = new(model);

    public ServiceModel Model => model;

    public OperationTable Operations => operations;

    private bool IsJson => model.Protocol is WireProtocol.Json or WireProtocol.RestJson;

    public HttpResponse Handle(HttpRequest request, Principal caller, string requestId)
    {
        ServiceError error;
        try
        {
            return Answer(200, Run(request, caller, requestId), requestId);
        }
        catch (ServiceError e)
        {
            error = e;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A mistake in here must read like one of AWS's, not take the connection down.
            error = ErrorWords.Internal(model.Protocol);
            System.Diagnostics.Trace.TraceError($"{model.Service}: {e}");
        }

        return Refuse(error, requestId);
    }

    public HttpResponse Refuse(ServiceError error, string requestId)
    {
        HttpResponse response = Answer(
            error.Status,
            model.Protocol switch
            {
                WireProtocol.Json => JsonResponseWriter.WriteError(error),
                WireProtocol.RestJson => JsonResponseWriter.WriteMessage(error),
                _ => _xml.WriteError(error, requestId),
            },
            requestId);
        if (model.Protocol == WireProtocol.RestJson)
        {
            response.Headers.Add("x-amzn-ErrorType", error.Code);
        }

        return response;
    }

    private byte[] Run(HttpRequest request, Principal caller, string requestId)
    {
        (string name, IReadOnlyList<KeyValuePair<string, string>> form) = model.Protocol switch
        {
            WireProtocol.Json => (Target(request), []),
            WireProtocol.RestJson => (model.At(request.Method, request.RawPath)?.Name ?? "", []),
            _ => Form(request),
        };
        if (!model.Operations.TryGetValue(name, out OperationModel? operation) || !operations.Contains(name))
        {
            throw ErrorWords.UnknownOperation(model.Protocol, name, model.ApiVersion);
        }

        JsonObject input = model.Protocol switch
        {
            WireProtocol.Json => JsonRequestReader.Read(operation, request.Body),
            WireProtocol.RestJson => RestRequestReader.Read(operation, request),
            _ => new FormRequestReader(model.Protocol).Read(operation, form),
        };
        ApiCall call = new(world, caller, input, requestId) { IsSecure = request.IsSecure };
        JsonObject output;
        try
        {
            if (name != "GetCallerIdentity")
            {
                Authorizer.Check(world, caller, $"{model.Service}:{name}", input, model.Protocol);
            }

            _validator.Check(operation, input);
            output = operations.Run(name, call);
        }
        catch (ServiceError error)
        {
            TrailWriter.Write(model, world, request, call, operation, null, error);
            throw;
        }

        TrailWriter.Write(model, world, request, call, operation, output, null);
        return IsJson ? JsonResponseWriter.Write(operation, output) : _xml.Write(operation, output, requestId);
    }

    private string Target(HttpRequest request)
    {
        string target = request.Headers["X-Amz-Target"] ?? "";
        return target.StartsWith($"{model.TargetPrefix}.", StringComparison.Ordinal) ? target[(model.TargetPrefix.Length + 1)..] : "";
    }

    private (string Action, IReadOnlyList<KeyValuePair<string, string>> Parameters) Form(HttpRequest request)
    {
        List<KeyValuePair<string, string>> parameters = [.. request.Query, .. FormEncoding.Parse(Encoding.UTF8.GetString(request.Body))];
        string? action = parameters.Where(pair => pair.Key == "Action").Select(pair => pair.Value).FirstOrDefault();
        string? version = parameters.Where(pair => pair.Key == "Version").Select(pair => pair.Value).FirstOrDefault();
        if (action is null)
        {
            throw new ServiceError(model.Protocol == WireProtocol.Ec2 ? "MissingParameter" : "MissingAction", "The request must contain the parameter Action");
        }

        return version is null || version == model.ApiVersion
            ? (action, parameters)
            : throw ErrorWords.UnknownOperation(model.Protocol, action, version);
    }

    private HttpResponse Answer(int status, byte[] body, string requestId)
    {
        string type = model.Protocol switch
        {
            WireProtocol.Json => "application/x-amz-json-1.1",
            WireProtocol.RestJson => "application/json",
            _ => "text/xml;charset=UTF-8",
        };
        HttpResponse response = new(status, body, type);
        response.Headers.Add("x-amzn-RequestId", requestId);

        // Clients correct their clocks by it: it must be the one that signatures are held against.
        response.Headers.Add("Date", world.Now.ToString("r", System.Globalization.CultureInfo.InvariantCulture));
        return response;
    }
}
