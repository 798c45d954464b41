using System.Globalization;
using System.Net.Sockets;
using SsmTools.Engine.Aws;

namespace SsmTools.Benchmarks;

/// <summary>
/// A tunnel through the sandbox's gateway: to the sandbox's agent, and, where SSMTOOLS_AGENT names the real one and it may
/// be run, to that; by this module, and, where session-manager-plugin is on PATH, by that. Client, sandbox and what is at
/// both ends of the tunnel are processes of their own, so that the processor's time is the client's alone.
/// </summary>
internal static class TunnelBenchmark
{
    private const int Sessions = 8;
    private const int ManyConnections = 1000;

    /// <summary>Runs it.</summary>
    /// <param name="plugin">The official plugin; null for none.</param>
    /// <param name="args">
    /// Seconds to measure each flow for; then "real" where the sandbox's agent is not to be measured, and "down" where only
    /// what comes from the agent is.
    /// </param>
    /// <param name="output">Gets the figures.</param>
    public static async Task RunAsync(string? plugin, string[] args, TextWriter output)
    {
        TimeSpan time = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5);
        using FloodSandbox sandbox = await FloodSandbox.StartAsync();
        using AwsContext aws = AwsContext.Create(sandbox.Options);
        using TunnelTarget target = new();
        output.WriteLine("Tunnel: by the module, by the official plugin, and how many times the plugin that is");
        if (!args.Contains("real"))
        {
            await CompareAsync("sandbox's agent", sandbox.InstanceId, isReal: false);
        }

        using RealAgent? agent = await RealAgent.TryStartAsync(sandbox, aws, CancellationToken.None);
        if (agent is null)
        {
            output.WriteLine("  SSMTOOLS_AGENT names no agent that may be run: the real one is not measured.");
        }
        else
        {
            await CompareAsync("real agent", RealAgent.NodeId, isReal: true);
        }

        output.WriteLine();

        async Task CompareAsync(string agentName, string node, bool isReal)
        {
            output.WriteLine($"  {agentName}");
            using TunnelClient own = await TunnelClient.StartAsync(sandbox.Options, node, target.Port, sessions: 1);
            using TunnelClient? other = plugin is null
                ? null
                : await TunnelClient.StartPluginAsync(plugin, sandbox.Options, aws, node, target.Port);
            if (!args.Contains("down"))
            {
                Flow up = await TunnelTraffic.SendAsync(own, target, time);
                Flow? otherUp = other is null ? null : await TunnelTraffic.SendAsync(other, target, time);
                Write(output, "client to agent, MB/s", up.Rate, otherUp?.Rate, isReal ? "mark: 50 times" : "");
                Write(output, "  cpu seconds a gigabyte", up.CpuPerGigabyte, otherUp?.CpuPerGigabyte, "mark: 0.1 times");
            }

            (_, long before) = await MemoryAsync(own);
            Task<Flow> receiving = TunnelTraffic.ReceiveAsync(own, 1, time, isReal);
            if (!isReal)
            {
                await receiving;
            }

            // A kilobyte a millisecond is no burden: side by side, what else the machine has to do counts for both.
            Flow? otherDown = other is null ? null : await TunnelTraffic.ReceiveAsync(other, 1, time, isReal);
            otherDown = otherDown is { Rate: 0 } ? null : otherDown; // it gets stuck now and then
            Flow down = await receiving;
            (_, long after) = await MemoryAsync(own);
            Write(output, "agent to client, MB/s", down.Rate, otherDown?.Rate, isReal ? "mark: 1 times" : "mark: 100");
            Write(output, "  cpu seconds a gigabyte", down.CpuPerGigabyte, otherDown?.CpuPerGigabyte, "mark: 0.1 times");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"    working set {before / 1e6:0} MB before {down.Rate * time.TotalSeconds / 1e3:0.00} GB down, {after / 1e6:0} MB after"));
            if (args.Contains("down"))
            {
                return;
            }

            // What was under way when the flood was stopped goes through first: each measures on connections of its own.
            using TunnelClient quiet = await TunnelClient.StartAsync(sandbox.Options, node, target.Port, sessions: 1);
            using TunnelClient? otherQuiet = plugin is null
                ? null
                : await TunnelClient.StartPluginAsync(plugin, sandbox.Options, aws, node, target.Port);
            int rounds = isReal ? 100 : 400;
            Write(output, "1 byte there and back, ms", await TunnelTraffic.EchoAsync(quiet, rounds), await TryAsync(otherQuiet, client => TunnelTraffic.EchoAsync(client, rounds)), "");
            Write(output, "connections a second, one by one", await TunnelTraffic.ConnectAsync(quiet, rounds), await TryAsync(otherQuiet, client => TunnelTraffic.ConnectAsync(client, rounds)), "");
            if (isReal)
            {
                using TunnelClient striped = await TunnelClient.StartAsync(sandbox.Options, node, target.Port, Sessions);
                Flow many = await TunnelTraffic.ReceiveAsync(striped, Sessions, time, isReal);
                Write(output, $"{Sessions} sessions, agent to client, MB/s", many.Rate, null, string.Create(CultureInfo.InvariantCulture, $"{many.Rate / down.Rate / Sessions:0.00} of {Sessions} times one (mark: 0.90)"));
                Write(output, "  cpu seconds a gigabyte", many.CpuPerGigabyte, null, "");
            }
            else
            {
                await WeighAsync(quiet, output);
            }
        }
    }

    /// <summary>The plugin's figure; null where there is no plugin, or it got stuck, as it does now and then.</summary>
    private static async Task<double?> TryAsync(TunnelClient? client, Func<TunnelClient, Task<double>> measure)
    {
        try
        {
            return client is null ? null : await measure(client);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task WeighAsync(TunnelClient client, TextWriter output)
    {
        (long managed, long working) = await MemoryAsync(client);
        Socket[] sockets = await TunnelTraffic.OpenAsync(client, ManyConnections);
        (long managedFull, long workingFull) = await MemoryAsync(client);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"    {ManyConnections} connections, KB each: managed {(managedFull - managed) / 1024.0 / ManyConnections:0.0}, working set {(workingFull - working) / 1024.0 / ManyConnections:0.0}   (mark: 64); working set in all {workingFull / 1e6:0} MB"));
        foreach (Socket socket in sockets)
        {
            socket.Dispose();
        }
    }

    private static async Task<(long Managed, long WorkingSet)> MemoryAsync(TunnelClient client)
    {
        client.Own!.WriteLine("memory");
        string[] words = (await client.Own.ReadLineAsync()).Split(' ');
        return (long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    private static void Write(TextWriter output, string name, double own, double? other, string mark)
    {
        string compared = other is null ? "" : string.Create(CultureInfo.InvariantCulture, $"   plugin {other,8:0.00}   ratio {own / other,7:0.000}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {name,-36} {own,8:0.00}{compared}   {(mark.Length > 0 ? $"({mark})" : "")}").TrimEnd());
    }
}
