using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Tests.Sandbox;
using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>A machine that is no instance: its agent's half of registering and of saying that it is there.</summary>
internal sealed class HybridMachine(TestSandbox sandbox) : IDisposable
{
    private const string Fingerprint = "desk-1";

    private RSA _key = RSA.Create(2048);

    /// <summary>The node that it is; null before it has registered.</summary>
    public string? NodeId { get; private set; }

    /// <summary>Sets the machine up anew: it forgets who it is.</summary>
    public void SetUpAnew()
    {
        _key.Dispose();
        _key = RSA.Create(2048);
        NodeId = null;
    }

    /// <summary>What its agent does when it starts: registers unless it has, and reports.</summary>
    /// <returns>Whether Systems Manager took it.</returns>
    public async Task<bool> StartAsync(JsonElement activation)
    {
        if (NodeId is null)
        {
            JsonObject input = new()
            {
                ["ActivationId"] = activation.GetProperty("ActivationId").GetString(),
                ["ActivationCode"] = activation.GetProperty("ActivationCode").GetString(),
                ["Fingerprint"] = Fingerprint,
                ["PublicKey"] = Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo()),
                ["PublicKeyType"] = "Rsa",
            };
            if (await CallAsync(null, "RegisterManagedInstance", input) is not { } registered)
            {
                return false;
            }

            NodeId = registered.GetProperty("InstanceId").GetString();
        }

        return await ReportAsync();
    }

    public void Dispose() => _key.Dispose();

    private async Task<bool> ReportAsync()
    {
        Credential itself = new()
        {
            AccessKeyId = NodeId!,
            SecretAccessKey = "",
            Issued = default,
            Principal = new Principal { Arn = "", UserId = "", Name = "" },
        };
        JsonElement? token = await CallAsync(
            Signer(itself, _key), "RequestManagedInstanceRoleToken", new JsonObject { ["Fingerprint"] = Fingerprint });
        string key = token!.Value.GetProperty("AccessKeyId").GetString()!;
        JsonObject report = new()
        {
            ["InstanceId"] = NodeId,
            ["AgentName"] = "amazon-ssm-agent",
            ["AgentVersion"] = "3.3.1142.0",
            ["AgentStatus"] = "Active",
            ["PlatformType"] = "Linux",
            ["PlatformName"] = "Debian GNU/Linux",
            ["PlatformVersion"] = "12",
            ["ComputerName"] = "desk",
            ["IPAddress"] = "192.0.2.7",
        };
        return await CallAsync(Signer(sandbox.Host.Credentials.Find(key)!, null), "UpdateInstanceInformation", report) is not null;
    }

    private TinySigner Signer(Credential credential, RSA? machineKey) =>
        new(credential, sandbox.Host.Facts.Region, sandbox.Host.Clock)
        {
            Host = new Uri(sandbox.Host.Facts.Endpoint).Authority,
            MachineKey = machineKey,
        };

    private async Task<JsonElement?> CallAsync(TinySigner? signer, string operation, JsonObject input)
    {
        string endpoint = sandbox.Host.Facts.Endpoint;
        (string, string) target = ("X-Amz-Target", $"AmazonSSM.{operation}");
        const string type = "application/x-amz-json-1.1";
        HttpRequest request = signer?.Post("ssm", type, input.ToJsonString(), target) ?? new HttpRequest
        {
            Method = "POST",
            RawTarget = "/",
            Body = Encoding.UTF8.GetBytes(input.ToJsonString()),
            Headers =
            {
                { "Host", new Uri(endpoint).Authority }, { "Content-Type", type }, { target.Item1, target.Item2 },
            },
        };
        using HttpClient client = new();
        using HttpResponseMessage response = await client.SendAsync(endpoint, request);
        string answer = await response.Content.ReadAsStringAsync(TestTimeout.Token);
        if (!response.IsSuccessStatusCode)
        {
            Assert.Contains("InvalidActivation", answer, StringComparison.Ordinal);
            return null;
        }

        return TestSandbox.ParseJson(answer);
    }
}
