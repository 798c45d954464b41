using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ssm;

/// <summary>Machines that are no instances: activations, registration, and credentials for a signature.</summary>
public sealed class MachineTests : IDisposable
{
    private const string SsmTrust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    private readonly SandboxAccount _account = new();
    private readonly RSA _key = RSA.Create(2048);

    public MachineTests()
    {
        _account.Query("iam", "CreateRole", "RoleName", "office", "AssumeRolePolicyDocument", SsmTrust).Ok();
        _account.Query("iam", "AttachRolePolicy", "RoleName", "office", "PolicyArn", SandboxAccount.CorePolicy).Ok();
    }

    public void Dispose() => _key.Dispose();

    [Fact]
    public void A_machine_with_an_activation_becomes_a_node_and_gets_its_roles_credentials()
    {
        string id = Register(Activate()).Ok().Json["InstanceId"]!.GetValue<string>();

        JsonObject token = RequestToken(id, _key).Ok().Json;
        JsonNode node = Nodes().Single()!;
        Credential credential = _account.Credentials.Find(token["AccessKeyId"]!.GetValue<string>())!;

        Assert.Matches("^mi-[0-9a-f]{17}$", id);
        Assert.Equal(credential.SecretAccessKey, token["SecretAccessKey"]!.GetValue<string>());
        Assert.True(AgentRights.SpeaksFor(_account.World, credential.Principal, id));
        Assert.False(AgentRights.SpeaksFor(_account.World, credential.Principal, "mi-0123456789abcdef0"));
        Assert.Equal(id, node["InstanceId"]!.GetValue<string>());
        Assert.Equal("ManagedInstance", node["ResourceType"]!.GetValue<string>());
        Assert.Equal("ConnectionLost", node["PingStatus"]!.GetValue<string>());
        Assert.Equal("laptop", node["Name"]!.GetValue<string>());
        Assert.Equal("office", node["IamRole"]!.GetValue<string>());
    }

    [Fact]
    public void What_it_reports_shows_in_the_list()
    {
        string id = Register(Activate()).Ok().Json["InstanceId"]!.GetValue<string>();
        TinySigner agent = Agent(id);

        _account.Json(agent, "UpdateInstanceInformation", $$"""
            {"InstanceId":"{{id}}","AgentName":"amazon-ssm-agent","AgentVersion":"3.3.1142.0","AgentStatus":"Active",
             "PlatformType":"Linux","PlatformName":"Debian GNU/Linux","PlatformVersion":"12","ComputerName":"desk","IPAddress":"10.1.2.3"}
            """).Ok();
        JsonNode node = Nodes("ResourceType", "ManagedInstance").Single()!;
        _account.Json(agent, "UpdateInstanceInformation", $$"""{"InstanceId":"{{id}}","AgentStatus":"Inactive"}""").Ok();

        Assert.Equal("Online", node["PingStatus"]!.GetValue<string>());
        Assert.Equal("Debian GNU/Linux", node["PlatformName"]!.GetValue<string>());
        Assert.Equal("desk", node["ComputerName"]!.GetValue<string>());
        Assert.Equal("10.1.2.3", node["IPAddress"]!.GetValue<string>());
        Assert.Equal("AWS::SSM::ManagedInstance", node["SourceType"]!.GetValue<string>());
        Assert.Equal("ConnectionLost", Nodes().Single()!["PingStatus"]!.GetValue<string>());
        Assert.Empty(Nodes("ResourceType", "EC2Instance"));
    }

    [Fact]
    public void Its_key_alone_opens_nothing_but_its_roles_credentials()
    {
        string id = Register(Activate()).Ok().Json["InstanceId"]!.GetValue<string>();
        TinySigner machine = Machine(id, _key);

        _account.Json(machine, "DescribeInstanceInformation", "{}").Refused("AccessDeniedException");
        _account.Json(machine, "UpdateInstanceInformation", $$"""{"InstanceId":"{{id}}"}""").Refused("AccessDeniedException");
        _account.Query(machine, "iam", "ListRoles").Refused("AccessDenied", 403);
    }

    [Fact]
    public void Another_key_another_machine_or_an_old_signature_gets_none()
    {
        string id = Register(Activate()).Ok().Json["InstanceId"]!.GetValue<string>();
        using RSA stolen = RSA.Create(2048);

        RequestToken(id, stolen).Refused("InvalidSignatureException");
        RequestToken(id, _key, "other-machine").Refused("MachineFingerprintDoesNotMatch");
        RequestToken("mi-0123456789abcdef0", _key).Refused("UnrecognizedClientException");
        TinySigner late = new(Named(id), _account.World.Region, _account.Clock) { MachineKey = _key, Skew = TimeSpan.FromMinutes(-10) };
        _account.Json(late, "RequestManagedInstanceRoleToken", """{"Fingerprint":"desk-1"}""").Refused("InvalidSignatureException");
    }

    [Fact]
    public void A_new_key_replaces_the_old_one()
    {
        string id = Register(Activate()).Ok().Json["InstanceId"]!.GetValue<string>();
        using RSA fresh = RSA.Create(2048);

        _account.Json(
            Machine(id, _key), "UpdateManagedInstancePublicKey",
            new JsonObject { ["NewPublicKey"] = PublicKey(fresh), ["NewPublicKeyType"] = "Rsa" }.ToJsonString()).Ok();

        RequestToken(id, fresh).Ok();
        RequestToken(id, _key).Refused("InvalidSignatureException");
    }

    [Fact]
    public void A_machine_that_was_deregistered_is_nobody()
    {
        string id = Register(Activate()).Ok().Json["InstanceId"]!.GetValue<string>();
        TinySigner agent = Agent(id);

        _account.Json("DeregisterManagedInstance", new JsonObject { ["InstanceId"] = id }).Ok();

        Assert.Empty(Nodes());
        Assert.Equal(id, Assert.Single(_account.Broker.Disconnected));
        _account.Json(agent, "UpdateInstanceInformation", $$"""{"InstanceId":"{{id}}"}""").Refused("AccessDeniedException");
        RequestToken(id, _key).Refused("UnrecognizedClientException");
        _account.Json("DeregisterManagedInstance", new JsonObject { ["InstanceId"] = id }).Refused("InvalidInstanceId");
    }

    [Fact]
    public void An_activation_serves_as_often_and_as_long_as_it_says()
    {
        JsonObject twice = Activate(("RegistrationLimit", 2));
        Register(twice).Ok();
        Register(twice).Ok();
        Register(twice).Refused("InvalidActivation");

        JsonObject short_ = Activate();
        _account.Clock.Advance(TimeSpan.FromHours(25));
        Register(short_).Refused("InvalidActivation");

        JsonObject deleted = Activate();
        _account.Json("DeleteActivation", new JsonObject { ["ActivationId"] = deleted["ActivationId"]!.DeepClone() }).Ok();
        Register(deleted).Refused("InvalidActivation");

        JsonObject guessed = Activate();
        guessed["ActivationCode"] = new string('x', 20);
        Register(guessed).Refused("InvalidActivation");
    }

    [Fact]
    public void Activations_are_listed_without_their_codes()
    {
        JsonObject activation = Activate(("Description", "desks"));
        Register(activation).Ok();

        JsonObject reply = _account.Json("DescribeActivations", new JsonObject()).Ok().Json;
        JsonNode shown = Assert.Single(reply["ActivationList"]!.AsArray())!;

        Assert.Equal("desks", shown["Description"]!.GetValue<string>());
        Assert.Equal(1, shown["RegistrationsCount"]!.GetValue<int>());
        Assert.False(shown["Expired"]!.GetValue<bool>());
        Assert.DoesNotContain(activation["ActivationCode"]!.GetValue<string>(), reply.ToJsonString(), StringComparison.Ordinal);
        JsonObject filter = new() { ["FilterKey"] = "IamRole", ["FilterValues"] = new JsonArray("other") };
        Assert.Empty(_account.Json("DescribeActivations", new JsonObject { ["Filters"] = new JsonArray(filter) }).Ok()
            .Json["ActivationList"]!.AsArray());
    }

    [Fact]
    public void An_activation_needs_a_role_that_Systems_Manager_may_take()
    {
        _account.MakeProfile("web");
        foreach (string role in new[] { "web", "none" })
        {
            ApiReply refusal = _account.Json("CreateActivation", new JsonObject { ["IamRole"] = role }).Refused("ValidationException");
            Assert.Contains("missing ssm service principal in trust policy", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_no_key_is_refused()
    {
        using RSA small = RSA.Create(1024);
        foreach (string key in new[] { new string('A', 400), new string('!', 400), Convert.ToBase64String(new byte[400]) })
        {
            Register(Activate(), key).Refused("ValidationException");
        }

        Assert.Null(MachineSignatures.ReadKey(PublicKey(small)));
    }

    [Fact]
    public void No_other_call_goes_without_a_signature()
    {
        HttpRequestOf("AmazonSSM.CreateActivation").Refused("MissingAuthenticationTokenException");
        HttpRequestOf("AmazonSSM.RegisterManagedInstance ").Refused("MissingAuthenticationTokenException");

        ApiReply HttpRequestOf(string target)
        {
            SsmTools.Sandbox.Http.HttpRequest request = new() { Method = "POST", RawTarget = "/", Body = "{}"u8.ToArray() };
            request.Headers.Add("Host", "127.0.0.1");
            request.Headers.Add("X-Amz-Target", target);
            return _account.Send(request);
        }
    }

    private static string PublicKey(RSA key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    private static Credential Named(string id) => new()
    {
        AccessKeyId = id,
        SecretAccessKey = "",
        Issued = default,
        Principal = new Principal { Arn = "", UserId = "", Name = "" },
    };

    private TinySigner Machine(string id, RSA key) => new(Named(id), _account.World.Region, _account.Clock) { MachineKey = key };

    private TinySigner Agent(string id)
    {
        string accessKey = RequestToken(id, _key).Ok().Json["AccessKeyId"]!.GetValue<string>();
        return new TinySigner(_account.Credentials.Find(accessKey)!, _account.World.Region, _account.Clock);
    }

    private JsonObject Activate(params (string Name, JsonNode Value)[] more)
    {
        JsonObject input = new() { ["IamRole"] = "office", ["DefaultInstanceName"] = "laptop" };
        foreach ((string name, JsonNode value) in more)
        {
            input[name] = value;
        }

        return _account.Json("CreateActivation", input).Ok().Json;
    }

    private ApiReply Register(JsonObject activation, string? key = null)
    {
        JsonObject input = activation.DeepClone().AsObject();
        input["Fingerprint"] = "desk-1";
        input["PublicKey"] = key ?? PublicKey(_key);
        input["PublicKeyType"] = "Rsa";
        SsmTools.Sandbox.Http.HttpRequest request = new()
        {
            Method = "POST",
            RawTarget = "/",
            Body = System.Text.Encoding.UTF8.GetBytes(input.ToJsonString()),
        };
        request.Headers.Add("Host", "127.0.0.1");
        request.Headers.Add("Content-Type", "application/x-amz-json-1.1");
        request.Headers.Add("X-Amz-Target", "AmazonSSM.RegisterManagedInstance");
        return _account.Send(request);
    }

    private ApiReply RequestToken(string id, RSA key, string fingerprint = "desk-1") => _account.Json(
        Machine(id, key), "RequestManagedInstanceRoleToken", new JsonObject { ["Fingerprint"] = fingerprint }.ToJsonString());

    private JsonArray Nodes(string? filter = null, string? value = null)
    {
        JsonObject input = filter is null ? [] : new JsonObject
        {
            ["Filters"] = new JsonArray(new JsonObject { ["Key"] = filter, ["Values"] = new JsonArray(value) }),
        };
        return _account.Json("DescribeInstanceInformation", input).Ok().Json["InstanceInformationList"]!.AsArray();
    }
}
