using System.Reflection;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using SsmTools.ApiGenerator;
using SsmTools.ApiGenerator.Model;
using SsmTools.Engine.Aws;
using SsmTools.Sandbox.Http;
using SsmTools.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace SsmTools.Tests.Aws.Differential;

/// <summary>
/// Every generated operation with random requests and answers, through the whole pipeline and a loopback server, held
/// against botocore, which knows the same models and shares no code with us.
/// </summary>
public sealed class DifferentialTests(WireOracle oracle, ITestOutputHelper output) : IClassFixture<WireOracle>
{
    private const int Rounds = 20;
    private const string Region = "eu-central-1";

    public static TheoryData<string, string> Operations()
    {
        TheoryData<string, string> data = [];
        string list = File.ReadAllText(Path.Combine(WireOracle.Folder, "operations.txt"));
        foreach ((string service, IReadOnlyList<string> operations) in OperationList.Parse(list))
        {
            foreach (string operation in operations)
            {
                data.Add(service, operation);
            }
        }

        return data;
    }

    [BotocoreTheory]
    [MemberData(nameof(Operations))]
    public async Task Requests_and_answers_are_what_botocore_makes_of_them(string service, string operation)
    {
        ServiceModel model = ReadModel(service);
        RandomTree random = new(model, new Random(Seed(service + operation)));
        ModelMapper mapper = new(model);
        (string? input, string? result) = (model.Operations[operation].Input, model.Operations[operation].Output);
        byte[] answer = [];
        await using AwsStub stub = new();
        stub.Then((_, _) => Task.FromResult(new HttpResponse(200, answer)));
        using AwsContext aws = stub.Connect(region: Region);
        int values = 0;
        for (int round = 0; round < Rounds; round++)
        {
            JsonObject inputTree = input is null ? [] : random.Structure(model.Shapes[input], isRequest: true);
            JsonObject outputTree = result is null ? [] : random.Structure(model.Shapes[result], isRequest: false);
            JsonNode prepared = await oracle.AskAsync(new JsonObject
            {
                ["do"] = "answer",
                ["service"] = service,
                ["operation"] = operation,
                ["output"] = outputTree.DeepClone(),
            });
            answer = Convert.FromBase64String((string)prepared["body"]!);

            AmazonWebServiceResponse response = await CallAsync(
                aws, model, operation, type => mapper.ToObject(ShapeOf(model, input), inputTree, type));

            JsonObject received = mapper.ToTree(ShapeOf(model, result), response);
            values += TreeComparison.AssertEqual(outputTree, received, $"{operation} {round}, as made");
            TreeComparison.AssertEqual(prepared["parsed"], received, $"{operation} {round}, as botocore read it");
            values += await CheckRequestAsync(service, operation, inputTree, stub);
        }

        output.WriteLine($"{Rounds} calls, {values} values");
    }

    private async Task<int> CheckRequestAsync(string service, string operation, JsonObject input, AwsStub stub)
    {
        Assert.True(stub.Requests.TryDequeue(out HttpRequest? request));
        JsonNode verdict = await oracle.AskAsync(new JsonObject
        {
            ["do"] = "check",
            ["service"] = service,
            ["operation"] = operation,
            ["input"] = input.DeepClone(),
            ["method"] = request.Method,
            ["target"] = request.RawTarget,
            ["headers"] = new JsonObject(request.Headers.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value))),
            ["body"] = Convert.ToBase64String(request.Body),
            ["key"] = AwsStub.AccessKey,
            ["secret"] = AwsStub.SecretKey,
            ["region"] = service == "iam" ? "us-east-1" : Region,
        });
        Assert.Empty(verdict["differences"]!.AsArray().Select(d => (string)d!));
        return (int)verdict["values"]!;
    }

    private static async Task<AmazonWebServiceResponse> CallAsync(
        AwsContext aws, ServiceModel model, string operation, Func<Type, object> request)
    {
        object client = typeof(AwsContext).GetProperty(model.Name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(aws)!;
        MethodInfo method = client.GetType().GetMethod(operation + "Async")!;
        Task call = (Task)method.Invoke(client, [request(method.GetParameters()[0].ParameterType), TestTimeout.Token])!;
        await call;
        return (AmazonWebServiceResponse)call.GetType().GetProperty("Result")!.GetValue(call)!;
    }

    private static Shape ShapeOf(ServiceModel model, string? name) =>
        name is null ? new Shape(string.Empty, ShapeKind.Structure) : model.Shapes[name];

    private static ServiceModel ReadModel(string service)
    {
        string stem = Path.Combine(WireOracle.Folder, "Models", service);
        return ModelReader.Read(service, File.ReadAllText(stem + ".json"), File.ReadAllText(stem + ".paginators.json"));
    }

    /// <summary>The same on every run, unlike string.GetHashCode.</summary>
    private static int Seed(string text) => text.Aggregate(17, (hash, c) => unchecked((hash * 31) + c));
}
