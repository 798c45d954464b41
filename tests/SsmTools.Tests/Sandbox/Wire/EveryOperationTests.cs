using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Wire;

public sealed class EveryOperationTests
{
    private const int RequestsEach = 30;

    [Theory]
    [InlineData("iam", 57)]
    [InlineData("sts", 2)]
    [InlineData("kms", 2)]
    [InlineData("cloudtrail", 2)]
    [InlineData("events", 11)]
    [InlineData("scheduler", 8)]
    [InlineData("sns", 10)]
    [InlineData("ssm", 33)]
    [InlineData("ec2-instance-connect", 1)]
    [InlineData("logs", 9)]
    [InlineData("ec2messages", 5)]
    [InlineData("ec2", 61)]
    public void Every_operation_of_the_table_is_one_of_the_models(string service, int least)
    {
        ServiceApi api = new SandboxAccount().Endpoint[service];
        Assert.All(api.Operations.Names, name => Assert.Contains(name, api.Model.Operations.Keys));
        Assert.True(api.Operations.Names.Count() >= least);
    }

    [Theory]
    [InlineData("iam")]
    [InlineData("sts")]
    [InlineData("ssm")]
    [InlineData("ec2")]
    public void Whatever_a_request_contains_it_is_answered_or_refused_but_never_breaks_the_service(string service)
    {
        SandboxAccount account = new();
        account.World.Register(account.RunningInstance(), "3.3.3050.0");
        ServiceApi api = account.Endpoint[service];
        RandomRequests random = new(20261122, Words(account));
        int answered = 0;
        foreach (OperationModel operation in api.Operations.Names.SelectMany(name => Enumerable.Repeat(api.Model.Operations[name], RequestsEach)))
        {
            JsonObject input = operation.Input is Shape shape ? random.Structure(shape) : [];
            ApiReply reply = service == "ssm"
                ? account.Json(operation.Name, input)
                : account.Query(service, operation.Name, [.. Flatten(operation, input, api.Model.Protocol)]);
            Assert.True(reply.Status != 500, $"{operation.Name} {input}: {reply.Body}");
            Assert.True(reply.Status == 200 || reply.Code is { Length: > 0 }, reply.Body);
            answered += reply.Status == 200 ? 1 : 0;
        }

        Assert.True(answered > 0);
    }

    [Theory]
    [InlineData("iam", "InvalidAction")]
    [InlineData("sts", "InvalidAction")]
    [InlineData("ec2", "InvalidAction")]
    public void Unknown_actions_are_refused(string service, string code)
    {
        SandboxAccount account = new();
        account.Query(service, "DoSomething").Refused(code);
        account.Query(service, "").Refused(code);
    }

    [Fact]
    public void Unknown_targets_are_refused()
    {
        SandboxAccount account = new();
        account.Json("DoSomething", new JsonObject()).Refused("UnknownOperationException");
        account.Send(account.Signer.Post("ssm", "application/x-amz-json-1.1", "{}", ("X-Amz-Target", "Other.StartSession")))
            .Refused("UnknownOperationException");
    }

    [Fact]
    public void A_service_that_is_not_there_is_refused()
    {
        SandboxAccount account = new();
        account.Send(account.Signer.Post("lambda", "application/json", "{}")).Refused("UnknownOperationException");
    }

    private static IEnumerable<string> Flatten(OperationModel operation, JsonObject input, WireProtocol protocol)
    {
        return operation.Input is null ? [] : RandomRequests.Form(input, operation.Input, protocol).SelectMany(pair => new[] { pair.Key, pair.Value });
    }

    private static IReadOnlyList<string> Words(SandboxAccount account)
    {
        SandboxWorld world = account.World;
        return
        [
            .. world.Resources.Select(resource => resource.Id), .. world.Policies.Keys, .. world.Roles.Values.Select(role => role.Arn),
            "web", "web", account.Image, "t3.nano", "443", SandboxAccount.Ec2Trust, "us-east-1", "10.10.20.0/24", "AWS-StartSSHSession", "SSM-SessionManagerRunShell",
        ];
    }
}
