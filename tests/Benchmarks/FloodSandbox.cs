using System.Diagnostics;
using System.Globalization;
using SsmTools.Engine.Aws;
using SsmTools.Sandbox;

namespace SsmTools.Benchmarks;

/// <summary>
/// A sandbox with one node in a process of its own, so that what a client costs is told from what its other side costs.
/// Its shells are <see cref="FloodProgram"/>s.
/// </summary>
internal sealed class FloodSandbox : IDisposable
{
    /// <summary>What the program is called with to be the other process.</summary>
    public const string Argument = "flood-sandbox";

    private readonly Process _process;

    private FloodSandbox(Process process, string[] facts)
    {
        _process = process;
        InstanceId = facts[0];
        Options = new AwsOptions { EndpointUrl = facts[1], Region = facts[2], AccessKey = facts[3], SecretKey = facts[4] };
    }

    public string InstanceId { get; }

    public AwsOptions Options { get; }

    /// <summary>What it has used of the processor so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<FloodSandbox> StartAsync()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(FloodSandbox).Assembly.Location);
        }

        start.ArgumentList.Add(Argument);
        Process process = Process.Start(start)!;
        string facts = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The sandbox did not start.");
        return new FloodSandbox(process, facts.Split(' '));
    }

    /// <summary>Is the other process: serves until its input ends.</summary>
    public static async Task ServeAsync()
    {
        await using SandboxNode node = await SandboxNode.StartAsync(options => options with { Program = _ => new FloodProgram() });
        SandboxFacts facts = node.Host.Facts;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{node.InstanceId} {facts.Endpoint} {facts.Region} {facts.AccessKeyId} {facts.SecretAccessKey}"));
        await Console.In.ReadLineAsync();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
