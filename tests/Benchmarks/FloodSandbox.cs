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

    private readonly OwnProcess _process;

    private FloodSandbox(OwnProcess process, string[] facts)
    {
        _process = process;
        InstanceId = facts[0];
        TlsEndpoint = facts[5];
        CaFile = facts[6];
        Options = new AwsOptions { EndpointUrl = facts[1], Region = facts[2], AccessKey = facts[3], SecretKey = facts[4] };
    }

    public string InstanceId { get; }

    public AwsOptions Options { get; }

    /// <summary>Where agents of AWS's own connect to, and the certificate that they must trust.</summary>
    public string TlsEndpoint { get; }

    public string CaFile { get; }

    /// <summary>What it has used of the processor so far.</summary>
    public TimeSpan Cpu => _process.Cpu;

    public static async Task<FloodSandbox> StartAsync()
    {
        OwnProcess process = OwnProcess.Start(Argument);
        return new FloodSandbox(process, (await process.ReadLineAsync()).Split(' '));
    }

    /// <summary>Is the other process: serves until its input ends.</summary>
    public static async Task ServeAsync()
    {
        await using SandboxNode node = await SandboxNode.StartAsync(options => options with { Program = _ => new FloodProgram(), TlsPort = 0 });
        SandboxFacts facts = node.Host.Facts;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{node.InstanceId} {facts.Endpoint} {facts.Region} {facts.AccessKeyId} {facts.SecretAccessKey} {facts.TlsEndpoint} {facts.CaFile}"));
        await Console.In.ReadLineAsync();
    }

    public void Dispose() => _process.Dispose();
}
