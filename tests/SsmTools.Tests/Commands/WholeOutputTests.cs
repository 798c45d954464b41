using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Commands;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Commands;

/// <summary>Output that the service cut, read from where the node put it.</summary>
public sealed class WholeOutputTests : IAsyncLifetime
{
    private const string Storage = "?"; // S3 has no name of an operation in its requests

    private static readonly string s_whole = string.Concat(Enumerable.Range(1, 20_000).Select(number => $"{number} e\u0301\n"));
    private static readonly RunCommandOptions s_bucket = new() { Script = "seq", OutputBucket = SandboxWorld.LogBucket, OutputPrefix = "of/my #1?" };
    private static readonly RunCommandOptions s_group = new() { Script = "seq", OutputLogGroup = SandboxWorld.LogGroup };

    private readonly CommandFleet _fleet = new();

    private SandboxWorld World => _fleet.Account.World;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task It_is_whole_from_the_bucket_and_only_what_was_cut_is_read()
    {
        string node = AddCut(error: "careful\n");
        OnRequest("SendCommand", 1, () => Put(node, "stdout", s_whole));
        string silent = _fleet.Add("short", output: "short\n");

        List<RunCommandEvent> events = await RunAsync(s_bucket, node, silent);

        CommandOutcome outcome = Outcome(events, node);
        Assert.Equal((s_whole, "careful\n", false), (outcome.Output, outcome.Error, outcome.IsTruncated));
        Assert.Equal(("short\n", false), (Outcome(events, silent).Output, Outcome(events, silent).IsTruncated));
        Assert.DoesNotContain(events, one => one.Failure is not null);
        Assert.Single(_fleet.Account.Calls, call => call == Storage);
        CommandRecord sent = Assert.Single(World.Commands.Values);
        Assert.Equal(SandboxWorld.LogBucket, sent.Request["OutputS3BucketName"]!.ToString());
        Assert.Equal("of/my #1?", sent.Request["OutputS3KeyPrefix"]!.ToString());
    }

    [Fact]
    public async Task Without_a_place_it_is_marked()
    {
        string node = AddCut();

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "seq" }, node);

        Assert.Equal((24_000, true), (Outcome(events, node).Output.Length, Outcome(events, node).IsTruncated));
        Assert.DoesNotContain(events, one => one.Failure is not null);
    }

    [Fact]
    public async Task What_is_not_there_yet_is_waited_for()
    {
        string node = AddCut();
        OnRequest(Storage, 3, () => Put(node, "stdout", s_whole));

        CommandOutcome outcome = Outcome(await RunAsync(s_bucket, node), node);

        Assert.Equal((s_whole, false), (outcome.Output, outcome.IsTruncated));
    }

    [Fact]
    public async Task What_never_comes_is_told_of_behind_the_result_and_holds_nobody_up_for_long()
    {
        string[] nodes = [.. Enumerable.Range(0, 30).Select(_ => AddCut())];
        OnRequest("SendCommand", 1, () => Put(nodes[20], "stdout", s_whole));

        List<RunCommandEvent> events = await RunAsync(s_bucket, nodes);

        Assert.Equal(30, events.Count(one => one.Outcome is { IsSuccess: true }));
        Assert.False(Outcome(events, nodes[20]).IsTruncated);
        Assert.Equal((24_000, true), (Outcome(events, nodes[0]).Output.Length, Outcome(events, nodes[0]).IsTruncated));
        int told = events.FindIndex(one => one.Failure?.Target == nodes[0]);
        Assert.Equal(nodes[0], events[told - 1].Outcome?.InstanceId);
        EngineException failure = events[told].Failure!;
        Assert.Equal(("OutputNotRead", ErrorKind.ObjectNotFound), (failure.ErrorId, failure.Kind));
        Assert.Contains(SandboxWorld.LogBucket, failure.Message, StringComparison.Ordinal);
        Assert.Contains("New-SsmInstanceRole", failure.Recommendation, StringComparison.Ordinal);
        Assert.Equal(29, events.Count(one => one.Failure is not null));
        Assert.InRange(_fleet.Account.Calls.Count(call => call == Storage), 31, 45);
    }

    [Fact]
    public async Task A_refusal_is_named_and_not_repeated()
    {
        string node = AddCut();
        byte[] refusal = Encoding.UTF8.GetBytes("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
        _fleet.Account.Before = (_, call) => call != Storage ? null : new HttpResponse(403, refusal, "application/xml");

        List<RunCommandEvent> events = await RunAsync(s_bucket, node);

        EngineException failure = Assert.Single(events, one => one.Failure is not null).Failure!;
        Assert.Equal(("OutputNotRead", ErrorKind.PermissionDenied), (failure.ErrorId, failure.Kind));
        Assert.Contains("GetObject", failure.Message, StringComparison.Ordinal);
        Assert.Single(_fleet.Account.Calls, call => call == Storage);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_not_waited_for_and_the_group_stands_in()
    {
        string node = AddCut();
        OnRequest("SendCommand", 1, () => Log(node, "stdout", s_whole.TrimEnd('\n')));

        CommandOutcome outcome = Outcome(await RunAsync(s_group with { OutputBucket = "not-there" }, node), node);

        Assert.Equal((s_whole.TrimEnd('\n'), false), (outcome.Output, outcome.IsTruncated));
    }

    [Fact]
    public async Task A_log_stream_is_read_until_it_does_not_grow_and_lines_are_put_together()
    {
        string node = AddCut();
        string wide = new('x', 200_000);
        OnRequest("SendCommand", 1, () => Log(node, "stdout", "one\ntwo"));
        OnRequest("GetLogEvents", 2, () => Log(node, "stdout", "three\n", wide));
        OnRequest("GetLogEvents", 4, () => Log(node, "stdout", "y", "z"));

        CommandOutcome outcome = Outcome(await RunAsync(s_group, node), node);

        Assert.Equal(($"one\ntwo\nthree\n{wide}y\nz", false), (outcome.Output, outcome.IsTruncated));
    }

    [Fact]
    public async Task What_is_absurdly_long_is_cut_and_says_where_the_rest_is()
    {
        string node = AddCut();
        OnRequest("SendCommand", 1, () => Put(node, "stdout", s_whole));
        await foreach (RunCommandEvent one in Run(new RunCommandOptions { Script = "seq" }, node))
        {
            // It has to be sent for there to be a place.
        }

        CommandRecord command = Assert.Single(World.Commands.Values);
        CommandOutcome cut = new()
        {
            CommandId = command.CommandId,
            InstanceId = node,
            Status = "Success",
            IsTruncated = true,
            Steps =
            [
                new StepOutput(
                    "aws:runShellScript", new string('x', 24_000), "", $"https://{SandboxWorld.LogBucket}.s3.amazonaws.com/{Key(command, node, "stdout")}", ""),
            ],
        };
        WholeOutput whole = new(_fleet.Account.Context, _fleet.Account.Time, s_bucket, most: 30_000);

        (CommandOutcome outcome, EngineException? problem) = await whole.CompleteAsync(cut, 0, TestTimeout.Token);

        Assert.Equal(s_whole[..30_000] + "\n---Output truncated---", outcome.Output);
        Assert.True(outcome.IsTruncated);
        Assert.Equal("OutputTooLong", problem?.ErrorId);
        Assert.Contains(command.CommandId, problem!.Recommendation, StringComparison.Ordinal);
    }

    private string AddCut(string error = "") => _fleet.Add("web", output: s_whole[..24_000], error: error);

    /// <summary>Does something when such a request comes for the so-manieth time; of SendCommand, behind it.</summary>
    private void OnRequest(string operation, int number, Action act)
    {
        Func<int, string, HttpResponse?>? before = _fleet.Account.Before;
        int count = 0;
        _fleet.Account.Before = (index, call) =>
        {
            HttpResponse? instead = before?.Invoke(index, call);
            bool isIt = operation == "SendCommand" ? World.Commands.Count > 0 : call == operation;
            if (isIt && ++count == number)
            {
                act();
            }

            return instead;
        };
    }

    private static string Key(CommandRecord command, string node, string output) =>
        $"of/my #1?/{command.CommandId}/{node}/awsrunShellScript/0.awsrunShellScript/{output}";

    private void Put(string node, string output, string text)
    {
        lock (World.Gate)
        {
            World.Buckets[SandboxWorld.LogBucket].Objects[Key(World.Commands.Values.Single(), node, output)] = new ObjectRecord(
                Encoding.UTF8.GetBytes(text), "\"tag\"", "text/plain", new Dictionary<string, string>(), null, World.Now);
        }
    }

    private void Log(string node, string output, params string[] messages)
    {
        lock (World.Gate)
        {
            string name = CommandPlaces.Stream(World.Commands.Values.Single().CommandId, node, "aws:runShellScript", output);
            SortedDictionary<string, LogStreamRecord> streams = World.LogGroups[SandboxWorld.LogGroup].Streams;
            if (!streams.TryGetValue(name, out LogStreamRecord? stream))
            {
                streams.Add(name, stream = new LogStreamRecord(name, World.Now));
            }

            foreach (string message in messages)
            {
                stream.Add(new LogEventRecord(1_000_000 + stream.Events.Count, stream.Events.Count + 1, message, 0));
            }
        }
    }

    private static CommandOutcome Outcome(List<RunCommandEvent> events, string node) =>
        Assert.Single(events, one => one.Outcome?.InstanceId == node).Outcome!;

    private IAsyncEnumerable<RunCommandEvent> Run(RunCommandOptions options, params string[] nodes) =>
        new RunCommand(_fleet.Account.Context, _fleet.Account.Time).RunAsync(nodes, options, TestTimeout.Token);

    private async Task<List<RunCommandEvent>> RunAsync(RunCommandOptions options, params string[] nodes)
    {
        List<RunCommandEvent> events = [];
        await foreach (RunCommandEvent one in Run(options, nodes))
        {
            events.Add(one);
        }

        return events;
    }
}
