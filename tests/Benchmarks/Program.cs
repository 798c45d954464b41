using SsmTools.Benchmarks;

// Figures, never asserted: quote medians and ratios of one run, since the machine's speed drifts between runs.
// converge takes the number of schedules and a seed, fuzz takes the number of frames and a seed, soak sessions, megabytes, a seed and faults, crowd connections, megabytes and sessions, link takes megabytes, tunnel seconds for each flow; but for tunnel they are not among those that run when none is named.
if (args.Length > 0 && args[0] == "fuzz")
{
    return await FuzzBenchmark.RunAsync(args[1..], Console.Out);
}

if (args.Length > 0 && args[0] == "converge")
{
    return await ConvergeBenchmark.RunAsync(args[1..], Console.Out);
}

if (args.Length > 0 && args[0] == "soak")
{
    return await SoakBenchmark.RunAsync(args[1..], Console.Out);
}

if (args.Length > 0 && args[0] == FloodSandbox.Argument)
{
    await FloodSandbox.ServeAsync();
    return 0;
}

if (args.Length > 0 && args[0] == TunnelClient.Argument)
{
    await TunnelClient.ServeAsync();
    return 0;
}

Tools tools = Tools.Find(RepositoryRoot.Find());
if (args.Length > 0 && args[0] == "channel")
{
    ChannelBenchmark.Run(Console.Out);
    return 0;
}

if (args.Length > 0 && args[0] == "link")
{
    await LinkBenchmark.RunAsync(args[1..], Console.Out);
    return 0;
}

if (args.Length > 0 && args[0] == "crowd")
{
    return await CrowdBenchmark.RunAsync(args[1..], Console.Out);
}

if (args.Length > 0 && args[0] == "tunnel")
{
    await TunnelBenchmark.RunAsync(tools.Plugin, args[1..], Console.Out);
    return 0;
}

if (tools.PowerShell is null)
{
    Console.Error.WriteLine("pwsh is not on PATH: there is nothing to measure.");
    return 1;
}

string[] all = ["import", "prompt", "stop", "resume", "fleet", "tunnel"];
foreach (string name in args.Length == 0 ? all : args)
{
    switch (name)
    {
        case "import":
            await ImportBenchmark.RunAsync(tools, Console.Out);
            break;
        case "prompt":
            await PromptBenchmark.RunAsync(tools, Console.Out);
            break;
        case "stop":
            await StopBenchmark.RunAsync(tools, Console.Out);
            break;
        case "resume":
            await ResumeBenchmark.RunAsync(Console.Out);
            break;
        case "fleet":
            await FleetBenchmark.RunAsync(Console.Out);
            break;
        case "tunnel":
            await TunnelBenchmark.RunAsync(tools.Plugin, [], Console.Out);
            break;
        default:
            Console.Error.WriteLine($"There is no benchmark '{name}'. There are: {string.Join(", ", all)}, channel, converge, fuzz, link, soak.");
            return 2;
    }
}

return 0;
