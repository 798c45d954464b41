using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Tunnels;

namespace SsmTools.Benchmarks;

/// <summary>A process that forwards a local port: this module's tunnel, or the official plugin.</summary>
internal sealed class TunnelClient : IDisposable
{
    /// <summary>What the program is called with to be the module's.</summary>
    public const string Argument = "tunnel-client";

    private readonly IDisposable _process;
    private readonly Func<TimeSpan> _cpu;

    private TunnelClient(int localPort, IDisposable process, Func<TimeSpan> cpu, OwnProcess? own)
    {
        LocalPort = localPort;
        _process = process;
        _cpu = cpu;
        Own = own;
    }

    public int LocalPort { get; }

    public TimeSpan Cpu => _cpu();

    /// <summary>The module's process; null for the plugin's.</summary>
    public OwnProcess? Own { get; }

    /// <summary>Opens the module's tunnel.</summary>
    public static async Task<TunnelClient> StartAsync(AwsOptions aws, string node, int port, int sessions)
    {
        OwnProcess process = OwnProcess.Start(Argument);
        process.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{aws.EndpointUrl} {aws.Region} {aws.AccessKey} {aws.SecretKey} {node} {port} {sessions}"));
        int localPort = int.Parse(await process.ReadLineAsync(), CultureInfo.InvariantCulture);
        return new TunnelClient(localPort, process, () => process.Cpu, process);
    }

    /// <summary>Is the module's process: every line asks for the memory that is in use.</summary>
    public static async Task ServeAsync()
    {
        string[] words = (await Console.In.ReadLineAsync())!.Split(' ');
        using AwsContext aws = AwsContext.Create(
            new AwsOptions { EndpointUrl = words[0], Region = words[1], AccessKey = words[2], SecretKey = words[3] });
        TunnelOptions options = new()
        {
            Target = words[4],
            Forward = new Forward { RemotePort = int.Parse(words[5], CultureInfo.InvariantCulture) },
            Sessions = int.Parse(words[6], CultureInfo.InvariantCulture),
        };
        await using Tunnel tunnel = await Tunnel.OpenAsync(aws, options, null, CancellationToken.None);
        Console.WriteLine(tunnel.LocalEndpoint.Port.ToString(CultureInfo.InvariantCulture));
        while (await Console.In.ReadLineAsync() is not null)
        {
            Process self = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(forceFullCollection: true)} {self.WorkingSet64}"));
        }
    }

    /// <summary>Starts the plugin on a session of its own, as the AWS CLI does.</summary>
    public static async Task<TunnelClient> StartPluginAsync(string plugin, AwsOptions options, AwsContext aws, string node, int port)
    {
        StartSessionRequest request = new() { Target = node, DocumentName = "AWS-StartPortForwardingSession" };
        request.Parameters["portNumber"] = [port.ToString(CultureInfo.InvariantCulture)];
        request.Parameters["localPortNumber"] = ["0"];
        StartSessionResponse session = await aws.Ssm.StartSessionAsync(request, CancellationToken.None);
        const string Variable = "AWS_SSM_START_SESSION_RESPONSE_1";
        ProcessStartInfo start = new(
            plugin,
            [Variable, options.Region!, "StartSession", "", new JsonObject { ["Target"] = node }.ToJsonString(), options.EndpointUrl!])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment[Variable] = new JsonObject
        {
            ["SessionId"] = session.SessionId,
            ["StreamUrl"] = session.StreamUrl,
            ["TokenValue"] = session.TokenValue,
        }.ToJsonString();
        Process process = Process.Start(start)!;
        string line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The plugin ended at once.");
        }
        while (!line.StartsWith("Port ", StringComparison.Ordinal));
        _ = process.StandardOutput.ReadToEndAsync();
        int localPort = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        return new TunnelClient(localPort, new Killer(process), () => Used(process), null);
    }

    public void Dispose() => _process.Dispose();

    private static TimeSpan Used(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private sealed class Killer(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
