using System.Diagnostics;
using System.Text.Json.Nodes;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;

namespace SsmTools.Benchmarks;

/// <summary>
/// AWS's own agent against a sandbox, from the directory that SSMTOOLS_AGENT names. It is to run as root, in namespaces of
/// its own, where the directories that it writes to are others.
/// </summary>
internal sealed class RealAgent : IDisposable
{
    public const string NodeId = "i-0a1b2c3d4e5f60718";

    private const string Script = """
        set -e
        for place in /var/lib /var/log /home /etc; do mount --bind "$1$place" "$place"; done
        exec "$1/bin/amazon-ssm-agent"
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("ssmtools-agent-").FullName;
    private readonly Process _process;

    private RealAgent(string programs, FloodSandbox sandbox)
    {
        string bin = Path.Combine(_directory, "bin");
        foreach (string place in (string[])["var/lib", "var/log", "home", "bin/configuration"])
        {
            Directory.CreateDirectory(Path.Combine(_directory, place));
        }

        foreach (string program in Directory.EnumerateFiles(programs))
        {
            File.CreateSymbolicLink(Path.Combine(bin, Path.GetFileName(program)), program);
        }

        File.WriteAllText(Path.Combine(bin, "configuration", "amazon-ssm-agent.json"), Configure(sandbox).ToJsonString());
        using (Process copy = Process.Start("cp", ["-a", "/etc", _directory]))
        {
            copy.WaitForExit();
        }

        ProcessStartInfo start = new(
            "unshare",
            ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", Script, "agent", _directory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory,
        };
        start.Environment["HOME"] = Path.Combine(_directory, "home");
        start.Environment["SSL_CERT_FILE"] = start.Environment["AWS_CA_BUNDLE"] = sandbox.CaFile;
        start.Environment["AWS_ACCESS_KEY_ID"] = sandbox.Options.AccessKey;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = sandbox.Options.SecretKey;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts it and waits for its registration; null where there is none, or it may not be run.</summary>
    public static async Task<RealAgent?> TryStartAsync(FloodSandbox sandbox, AwsContext aws, CancellationToken cancellationToken)
    {
        string? programs = Environment.GetEnvironmentVariable("SSMTOOLS_AGENT");
        if (string.IsNullOrEmpty(programs) || !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        RealAgent agent = new(programs, sandbox);
        await foreach (NodeRegistration node in new RegistrationProbe(aws)
            .WaitAsync([NodeId], TimeSpan.FromMinutes(1), null, cancellationToken))
        {
            if (!node.Registered)
            {
                agent.Dispose();
                throw new InvalidOperationException($"The real agent did not register: {node.Reason}");
            }
        }

        // It is online with its first report; its control channel may come a little later.
        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
        return agent;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static JsonObject Configure(FloodSandbox sandbox)
    {
        JsonObject configuration = new()
        {
            ["Agent"] = new JsonObject { ["Region"] = sandbox.Options.Region },
            ["Identity"] = new JsonObject
            {
                ["ConsumptionOrder"] = new JsonArray("CustomIdentity"),
                ["CustomIdentities"] = new JsonArray(new JsonObject
                {
                    ["InstanceID"] = NodeId,
                    ["Region"] = sandbox.Options.Region,
                    ["AvailabilityZone"] = sandbox.Options.Region + "a",
                    ["InstanceType"] = "t3.nano",
                    ["CredentialsProvider"] = "default",
                }),
            },
        };
        foreach (string service in (string[])["Ssm", "Mgs", "Mds", "Kms", "S3"])
        {
            configuration[service] = new JsonObject { ["Region"] = sandbox.Options.Region, ["Endpoint"] = sandbox.TlsEndpoint };
        }

        return configuration;
    }
}
