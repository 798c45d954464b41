using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Sandbox;

/// <summary>An account on a clock that stands still, called straight through its endpoint with signed requests.</summary>
internal sealed class SandboxAccount
{
    public const string Ec2Trust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    public const string CorePolicy = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

    public SandboxAccount(WorldOptions? options = null)
    {
        Clock = new SandboxClock(new ManualTimeProvider());
        World = new SandboxWorld(options ?? new WorldOptions { Seed = 1 }, Clock);
        Credentials = new CredentialStore(World.AccountId, Clock);
        Key = Credentials.IssueUser("tester");
        Endpoint = new ApiEndpoint(
            World,
            Credentials,
            new SignatureVerifier(Credentials, Clock, World.Region, new MachineSignatures(World)),
            Broker,
            new CommandDispatcher(World, (_, _) => false));
    }

    public SandboxClock Clock { get; }

    public SandboxWorld World { get; }

    public CredentialStore Credentials { get; }

    public Credential Key { get; }

    public ApiEndpoint Endpoint { get; }

    public StubBroker Broker { get; } = new();

    public TinySigner Signer => new(Key, World.Region, Clock);

    public string Isolated => World.Seed.Isolated[0].Id;

    public string Image => World.Images.First(image => image.PlatformVersion == "2023" && image is { HasAgent: true, Architecture: "x86_64" }).ImageId;

    /// <summary>A call to iam, sts or ec2: name, value, name, value…</summary>
    public ApiReply Query(string service, string action, params string[] parameters) => Query(Signer, service, action, parameters);

    public ApiReply Query(TinySigner signer, string service, string action, params string[] parameters)
    {
        string version = service switch { "ec2" => "2016-11-15", "iam" => "2010-05-08", _ => "2011-06-15" };
        StringBuilder form = new($"Action={action}&Version={version}");
        for (int i = 0; i < parameters.Length; i += 2)
        {
            form.Append('&').Append(parameters[i]).Append('=').Append(Uri.EscapeDataString(parameters[i + 1]));
        }

        return Send(signer.Post(service, "application/x-www-form-urlencoded; charset=utf-8", form.ToString()));
    }

    public ApiReply Json(string operation, JsonNode input) => Json(Signer, operation, input.ToJsonString());

    public ApiReply Json(TinySigner signer, string operation, string body)
    {
        return Send(signer.Post("ssm", "application/x-amz-json-1.1", body, ("X-Amz-Target", $"AmazonSSM.{operation}")));
    }

    public ApiReply Send(HttpRequest request)
    {
        HttpResponse response = Endpoint.HandleAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        return new ApiReply(response.Status, Encoding.UTF8.GetString(response.Body), response.Headers);
    }

    /// <summary>Role with the core policy in a profile of the same name, old enough for EC2 to see.</summary>
    public void MakeProfile(string name)
    {
        Query("iam", "CreateRole", "RoleName", name, "AssumeRolePolicyDocument", Ec2Trust).Ok();
        Query("iam", "AttachRolePolicy", "RoleName", name, "PolicyArn", CorePolicy).Ok();
        Query("iam", "CreateInstanceProfile", "InstanceProfileName", name).Ok();
        Query("iam", "AddRoleToInstanceProfile", "InstanceProfileName", name, "RoleName", name).Ok();
        Clock.Advance(World.Options.ProfileDelay);
    }

    /// <summary>Launches an instance; more parameters override the usual ones.</summary>
    public ApiReply Launch(params string[] more)
    {
        Dictionary<string, string> parameters = new()
        {
            ["ImageId"] = Image,
            ["InstanceType"] = "t3.nano",
            ["MinCount"] = "1",
            ["MaxCount"] = "1",
            ["SubnetId"] = Isolated,
            ["SecurityGroupId.1"] = World.Seed.InstanceGroup.Id,
        };
        for (int i = 0; i < more.Length; i += 2)
        {
            parameters[more[i]] = more[i + 1];
        }

        return Query("ec2", "RunInstances", [.. parameters.SelectMany(pair => new[] { pair.Key, pair.Value })]);
    }

    /// <summary>A running instance with a profile from <see cref="MakeProfile"/>.</summary>
    public InstanceRecord RunningInstance(string profile = "web", params string[] more)
    {
        if (!World.Profiles.ContainsKey(profile))
        {
            MakeProfile(profile);
        }

        InstanceRecord instance = World.Instances[Launch(["IamInstanceProfile.Name", profile, .. more]).Ok().Value("instanceId")];
        Clock.Advance(World.Options.StateDelay);
        return instance;
    }
}
