using System.Diagnostics;
using System.Text.Json.Nodes;
using SsmTools.Sandbox;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Sandbox.RealAgent;

/// <summary>AWS's agent while it runs against a sandbox.</summary>
internal sealed class RealAgentProcess : IAsyncDisposable
{
    /// <summary>What the agent changes outside its directory is a copy there; then it registers, if it is to, and runs.</summary>
    private const string Script = """
        set -e
        for place in /var/lib /var/log /home /etc; do mount --bind "$1$place" "$place"; done
        agent="$1/bin/amazon-ssm-agent"
        place="$1"
        shift
        [ "${1-}" != --script ] || exec sh "$2" --agent "$agent" --config "$place/agent.json" --foreground
        [ $# -eq 0 ] || "$agent" -register -y "$@"
        exec "$agent"
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process;

    private RealAgentProcess(TestSandbox sandbox, JsonObject identity, Dictionary<string, string> variables, string[] registration)
    {
        SandboxFacts facts = sandbox.Host.Facts;
        string bin = Path.Combine(_directory.Path, "bin");
        Directory.CreateDirectory(bin);
        foreach (string place in new[] { "var/lib", "var/log", "home" })
        {
            Directory.CreateDirectory(Path.Combine(_directory.Path, place));
        }

        foreach (string program in Directory.EnumerateFiles(RealAgentFactAttribute.FindDirectory()!))
        {
            File.CreateSymbolicLink(Path.Combine(bin, Path.GetFileName(program)), program);
        }

        // A join script puts it into its place by itself.
        string configuration = registration is ["--script", _]
            ? Path.Combine(_directory.Path, "agent.json")
            : Path.Combine(Directory.CreateDirectory(Path.Combine(bin, "configuration")).FullName, "amazon-ssm-agent.json");
        File.WriteAllText(configuration, Configure(facts, identity).ToJsonString());
        using (Process copy = Process.Start("cp", ["-a", "/etc", _directory.Path]))
        {
            copy.WaitForExit();
        }

        ProcessStartInfo start = new(
            "unshare",
            ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", Script, "agent", _directory.Path, .. registration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory.Path,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        // A hybrid node's agent keeps its credentials in the profile of whoever runs it.
        start.Environment["HOME"] = Path.Combine(_directory.Path, "home");
        start.Environment["SSL_CERT_FILE"] = start.Environment["AWS_CA_BUNDLE"] = facts.CaFile;
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it says, for whoever wants to know why a test failed.</summary>
    public string Log
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    private readonly List<string> _lines = [];

    /// <summary>Runs it as a custom identity: an id of its own, and the account's keys.</summary>
    public static RealAgentProcess StartCustom(TestSandbox sandbox, string id) => new(
        sandbox,
        new JsonObject
        {
            ["ConsumptionOrder"] = new JsonArray("CustomIdentity"),
            ["CustomIdentities"] = new JsonArray(new JsonObject
            {
                ["InstanceID"] = id,
                ["Region"] = sandbox.Host.Facts.Region,
                ["AvailabilityZone"] = sandbox.Host.Facts.Region + "a",
                ["InstanceType"] = "t3.nano",
                ["CredentialsProvider"] = "default",
            }),
        },
        new()
        {
            ["AWS_ACCESS_KEY_ID"] = sandbox.Host.Facts.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = sandbox.Host.Facts.SecretAccessKey,
        },
        []);

    /// <summary>Runs it as an instance's agent, which finds itself by the instance's metadata.</summary>
    public static RealAgentProcess StartInstance(TestSandbox sandbox, string metadataEndpoint) => new(
        sandbox,
        new JsonObject { ["ConsumptionOrder"] = new JsonArray("EC2") },
        new() { ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = metadataEndpoint },
        []);

    /// <summary>Registers it with an activation, and runs it.</summary>
    public static RealAgentProcess StartHybrid(TestSandbox sandbox, string activationId, string activationCode) => new(
        sandbox,
        new JsonObject { ["ConsumptionOrder"] = new JsonArray("OnPrem") },
        [],
        ["-id", activationId, "-code", activationCode, "-region", sandbox.Host.Facts.Region]);

    /// <summary>Lets a join script register it and run it, on a machine that has the agent.</summary>
    public static RealAgentProcess StartByScript(TestSandbox sandbox, string script) => new(
        sandbox,
        new JsonObject { ["ConsumptionOrder"] = new JsonArray("OnPrem") },
        [],
        ["--script", script]);

    /// <summary>Runs a join script on the machine as it is now, and returns how it ended.</summary>
    public async Task<(int ExitCode, string Errors)> RunAsync(string script)
    {
        const string again = "mount --bind \"$1/var/lib\" /var/lib && exec sh \"$2\" --agent \"$1/bin/amazon-ssm-agent\"";
        using Process process = Process.Start(
            new ProcessStartInfo("unshare", ["--mount", "sh", "-c", again, "join", _directory.Path, script]) { RedirectStandardError = true })!;
        string errors = await process.StandardError.ReadToEndAsync(TestTimeout.Token);
        await process.WaitForExitAsync(TestTimeout.Token);
        return (process.ExitCode, errors);
    }

    /// <summary>Lets it vanish as a machine does that loses its power, and all that it had started with it.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync(TestTimeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _directory.Dispose();
    }

    private static JsonObject Configure(SandboxFacts facts, JsonObject identity) => new()
    {
        ["Agent"] = new JsonObject { ["Region"] = facts.Region },
        ["Ssm"] = new JsonObject { ["Endpoint"] = facts.TlsEndpoint },
        ["Mgs"] = new JsonObject { ["Region"] = facts.Region, ["Endpoint"] = facts.TlsEndpoint },
        ["Mds"] = new JsonObject { ["Endpoint"] = facts.TlsEndpoint },
        ["Kms"] = new JsonObject { ["Endpoint"] = facts.TlsEndpoint },
        ["S3"] = new JsonObject { ["Endpoint"] = facts.TlsEndpoint },
        ["Identity"] = identity,
    };

    private void Note(string? line)
    {
        lock (_lines)
        {
            _lines.Add(line ?? "");
        }
    }
}
