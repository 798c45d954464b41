using System.Diagnostics;
using System.Globalization;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Registration;
using SsmTools.Sandbox;
using SsmTools.Sandbox.World;

namespace SsmTools.Benchmarks;

/// <summary>How long it takes to ask for ten thousand nodes, and to examine a thousand of them that are not there.</summary>
internal static class FleetBenchmark
{
    private const int Nodes = 10_000;
    private const int Sick = 1_000;
    private const int Runs = 5;

    public static async Task RunAsync(TextWriter output)
    {
        SandboxHost host = await SandboxHost.StartAsync(new SandboxOptions(), CancellationToken.None);
        await using (host)
        {
            using AwsContext context = AwsContext.Create(new AwsOptions
            {
                EndpointUrl = host.Facts.Endpoint,
                Region = host.Facts.Region,
                AccessKey = host.Facts.AccessKeyId,
                SecretKey = host.Facts.SecretAccessKey,
            });
            string[] well = await LaunchAsync(host, context, Nodes, "10.10.64.0/18", register: true);
            string[] sick = await LaunchAsync(host, context, Sick, "10.10.16.0/20", register: false);
            Samples asking = new($"{Nodes} registered nodes");
            Samples listing = new($"{Nodes + Sick} instances, listed with their registration");
            Samples examining = new($"{Sick} nodes that are not there, examined");
            long early = 0;
            long late = 0;
            for (int run = -1; run < Runs; run++)
            {
                (TimeSpan wellTime, early, late) = await TimeAsync(context, well);
                (TimeSpan sickTime, _, _) = await TimeAsync(context, sick);
                TimeSpan listTime = await ListAsync(context);
                if (run >= 0)
                {
                    asking.Add(wellTime);
                    examining.Add(sickTime);
                    listing.Add(listTime);
                }
            }

            output.WriteLine("Fleet: Test-SsmRegistration's engine against the sandbox, both in this process");
            output.WriteLine($"  {asking}  (mark: 2000)");
            output.WriteLine($"  {examining}");
            output.WriteLine($"  {listing}");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  heap after 1000 nodes {early / 1e6:0.0} MB, after {Nodes} {late / 1e6:0.0} MB (the sandbox's included)"));
            output.WriteLine();
        }
    }

    private static async Task<TimeSpan> ListAsync(AwsContext context)
    {
        int count = 0;
        Stopwatch clock = Stopwatch.StartNew();
        await foreach (InventoryItem item in new NodeInventory(context).ListAsync(new NodeQuery(), CancellationToken.None))
        {
            count += item.Node is null ? 0 : 1;
        }

        return count == Nodes + Sick ? clock.Elapsed : throw new InvalidOperationException($"{count} of {Nodes + Sick} instances.");
    }

    private static async Task<(TimeSpan Time, long Early, long Late)> TimeAsync(AwsContext context, string[] ids)
    {
        long early = 0;
        int count = 0;
        Stopwatch clock = Stopwatch.StartNew();
        await foreach (NodeDiagnosis diagnosis in new Doctor(context).TestAsync(ids, isDetailed: false, CancellationToken.None))
        {
            if (++count == 1000)
            {
                clock.Stop();
                early = GC.GetTotalMemory(forceFullCollection: true);
                clock.Start();
            }
        }

        clock.Stop();
        return count == ids.Length
            ? (clock.Elapsed, early, GC.GetTotalMemory(forceFullCollection: true))
            : throw new InvalidOperationException($"{count} of {ids.Length} nodes were told of.");
    }

    // No machines are switched on: ten thousand shells are not what is measured.
    private static async Task<string[]> LaunchAsync(SandboxHost host, AwsContext context, int count, string cidr, bool register)
    {
        SandboxWorld world = host.World;
        IInstanceHost? machines = world.Lifecycle.Host;
        world.Lifecycle.Host = null;
        string subnet;
        lock (world.Gate)
        {
            subnet = new NetworkFactory(world).Subnet(world.Seed.Vpc, cidr, world.Zones[0], "fleet").Id;
        }

        RunInstancesResponse launched = await context.Ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                ImageId = world.Images[0].ImageId,
                InstanceType = "t3.nano",
                MinCount = count,
                MaxCount = count,
                SubnetId = subnet,
            },
            CancellationToken.None);
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        lock (world.Gate)
        {
            foreach (Instance instance in launched.Instances.Where(_ => register))
            {
                world.Register(world.Instances[instance.InstanceId!], "3.3.1142.0");
            }
        }

        world.Lifecycle.Host = machines;
        return [.. launched.Instances.Select(instance => instance.InstanceId!)];
    }
}
