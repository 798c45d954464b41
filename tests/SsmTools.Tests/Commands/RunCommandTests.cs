using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Commands;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Commands;

public sealed class RunCommandTests : IAsyncLifetime
{
    private readonly CommandFleet _fleet = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task A_mixed_fleet_gets_the_documents_of_its_platforms_and_tells_what_it_did()
    {
        string web = _fleet.Add("web", output: "up 3 days\n");
        string win = _fleet.Add("win", "Windows", output: "PS\n", error: "careful\n", code: 2);

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "uptime" }, web, win);

        Assert.Equal([(web, "AWS-RunShellScript"), (win, "AWS-RunPowerShellScript")], _fleet.Got);
        CommandOutcome first = Outcome(events, web);
        Assert.Equal(("web", "Success", 0, "up 3 days\n", ""), (first.Name, first.Status, first.ExitCode, first.Output, first.Error));
        Assert.Equal(TimeSpan.FromSeconds(2), first.EndedAt - first.StartedAt);
        CommandOutcome second = Outcome(events, win);
        Assert.Equal(("Failed", 2, "PS\n", "careful\n"), (second.Status, second.ExitCode, second.Output, second.Error));
        Assert.Equal(new CommandProgress(1, 1, 0, 2), events[^1].Progress);
    }

    [Fact]
    public async Task Nodes_that_cannot_have_it_are_told_of_and_the_others_get_it()
    {
        string good = _fleet.Add("good");
        string lost = _fleet.Add("lost");
        _fleet.Account.World.FindNode(lost)!.Gone = true;
        string stopped = WorldFleet.Add(_fleet.Account.World, _fleet.Account.World.Seed.Isolated[0], "stopped").Id;
        _fleet.Account.World.Instances[stopped].State = InstanceState.Stopped;
        string windows = _fleet.Add("win", "Windows");

        List<RunCommandEvent> events = await RunAsync(
            new RunCommandOptions { Script = "uptime", Language = ScriptLanguage.Shell },
            good, lost, stopped, windows, "i-0123456789abcdef0");

        Assert.Equal([(good, "AWS-RunShellScript")], _fleet.Got);
        Assert.Equal(4, events.Count(one => one.Failure is { ErrorId: "CommandNotSent" }));
        Assert.Contains("stopped", Failure(events, stopped).Message, StringComparison.Ordinal);
        Assert.Contains("Windows", Failure(events, windows).Message, StringComparison.Ordinal);
        Assert.Equal(new CommandProgress(1, 4, 0, 5), events[^1].Progress);
    }

    [Fact]
    public async Task A_thousand_nodes_cost_few_calls_and_results_come_before_the_last_has_it()
    {
        string[] nodes = [.. Enumerable.Range(0, 1000).Select(number => _fleet.Add($"n{number}", output: $"{number}\n"))];
        _fleet.Account.Before = (_, call) =>
        {
            _fleet.Account.Clock.Advance(TimeSpan.FromMilliseconds(call == "SendCommand" ? 50 : 5));
            return null;
        };

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "hostname" }, nodes);

        Assert.Equal(1000, events.Count(one => one.Outcome is { IsSuccess: true }));
        Assert.True(
            events.FindIndex(one => one.Outcome is not null) < events.FindLastIndex(one => one.Sent is not null),
            "No result came before the last node had the command.");
        Assert.InRange(_fleet.Account.Calls.Count, 0, (1000 / 50) + 50);
    }

    [Theory]
    [InlineData("10", 1, 50)]
    [InlineData("120", 2, 100)]
    public async Task A_limit_of_nodes_at_once_holds_for_all_batches(string most, int batches, int nodes)
    {
        string[] ids = [.. Enumerable.Range(0, 200).Select(number => _fleet.Add($"n{number}"))];
        _fleet.Silent.UnionWith(ids);
        List<RunCommandEvent> events = [];
        await foreach (RunCommandEvent one in Run(new RunCommandOptions { Script = "true", MaxConcurrency = most }, ids))
        {
            events.Add(one);
            if (_fleet.Account.Calls.Count(call => call is "ListCommands" or "ListCommandInvocations") == 3)
            {
                break;
            }
        }

        Assert.Equal(batches, events.Count(one => one.Sent is not null));
        Assert.InRange(_fleet.Got.Count, Math.Min(10, nodes), nodes);
    }

    [Fact]
    public async Task A_limit_of_errors_holds_for_all_batches()
    {
        string[] ids = [.. Enumerable.Range(0, 150).Select(number => _fleet.Add($"n{number}", code: number is 3 or 60 or 61 ? 1 : 0))];

        List<RunCommandEvent> events = await RunAsync(
            new RunCommandOptions { Script = "true", MaxErrors = "2", MaxConcurrency = "1" }, ids);

        Assert.Equal(62, _fleet.Got.Count);
        Assert.Equal(59, events.Count(one => one.Outcome is { IsSuccess: true }));
        Assert.Equal(3, events.Count(one => one.Outcome is { Status: "Failed" }));
        Assert.Equal(38, events.Count(one => one.Outcome is { Status: "Terminated", ExitCode: null }));
        Assert.Equal(50, events.Count(one => one.Failure?.Message.Contains("MaxErrors", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task Nodes_that_could_not_have_it_are_no_errors_of_the_command()
    {
        string stopped = WorldFleet.Add(_fleet.Account.World, _fleet.Account.World.Seed.Isolated[0], "stopped").Id;
        _fleet.Account.World.Instances[stopped].State = InstanceState.Stopped;
        string good = _fleet.Add("good");

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "true", MaxErrors = "0" }, stopped, good);

        Assert.True(Outcome(events, good).IsSuccess);
        Assert.Contains("stopped", Failure(events, stopped).Message, StringComparison.Ordinal);
        Assert.Equal(new CommandProgress(1, 1, 0, 2), events[^1].Progress);
    }

    [Theory]
    [InlineData("ListCommandInvocations", 1)]
    [InlineData("ListCommands", 60)]
    public async Task A_look_that_fails_for_a_moment_calls_nothing_off(string operation, int nodes)
    {
        string[] ids = [.. Enumerable.Range(0, nodes).Select(number => _fleet.Add($"n{number}"))];
        int looks = 0;
        _fleet.Account.Before = (_, call) => call == operation && ++looks <= 3 ? Refusal("ThrottlingException") : null;

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "true" }, ids);

        Assert.Equal(nodes, events.Count(one => one.Outcome is { IsSuccess: true }));
        Assert.DoesNotContain("CancelCommand", _fleet.Account.Calls);
        Assert.True(looks > 3);
    }

    [Fact]
    public async Task A_service_that_does_not_let_it_look_for_long_ends_it_and_is_named()
    {
        string node = _fleet.Add("web");
        _fleet.Account.Before = (_, call) => call == "ListCommandInvocations" ? Refusal("ThrottlingException") : null;
        DateTimeOffset begun = _fleet.Account.World.Now;
        using AwsContext hasty = AwsContext.Create(new AwsOptions
        {
            Region = _fleet.Account.World.Region,
            AccessKey = _fleet.Account.Key.AccessKeyId,
            SecretKey = _fleet.Account.Key.SecretAccessKey,
            EndpointUrl = _fleet.Account.Endpoint,
            MaxBackoff = TimeSpan.FromMilliseconds(1),
        });
        SentCommand? sent = null;

        EngineException error = await Assert.ThrowsAsync<EngineException>(async () =>
        {
            await foreach (RunCommandEvent one in new RunCommand(hasty, _fleet.Account.Time).RunAsync(
                [node], new RunCommandOptions { Script = "true" }, TestTimeout.Token))
            {
                sent ??= one.Sent;
            }
        });

        Assert.Equal("Throttled", error.ErrorId);
        Assert.Contains("called off", error.Message, StringComparison.Ordinal);
        Assert.Contains(sent!.CommandId, error.Recommendation, StringComparison.Ordinal);
        Assert.Contains("CancelCommand", _fleet.Account.Calls);
        Assert.InRange(_fleet.Account.World.Now - begun, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Who_may_not_list_commands_gets_the_results_of_many_all_the_same()
    {
        string[] ids = [.. Enumerable.Range(0, 120).Select(number => _fleet.Add($"n{number}"))];
        _fleet.Account.Before = (_, call) => call == "ListCommands" ? Refusal("AccessDeniedException") : null;

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "true" }, ids);

        Assert.Equal(120, events.Count(one => one.Outcome is { IsSuccess: true }));
        Assert.Single(_fleet.Account.Calls, call => call == "ListCommands");
    }

    [Fact]
    public async Task Who_stops_listening_calls_it_off()
    {
        string node = _fleet.Add("web");
        _fleet.Silent.Add(node);

        await foreach (RunCommandEvent one in Run(new RunCommandOptions { Script = "sleep 1000" }, node))
        {
            if (one.Sent is not null)
            {
                break;
            }
        }

        Assert.Equal("Cancelled", Assert.Single(_fleet.Account.World.Commands.Values).Status);
    }

    [Fact]
    public async Task Who_stops_while_it_is_being_sent_calls_it_off_all_the_same()
    {
        string node = _fleet.Add("web");
        _fleet.Silent.Add(node);
        using CancellationTokenSource stop = new();
        Func<string, byte[], bool> deliver = _fleet.Account.Deliver!;
        _fleet.Account.Deliver = (id, frame) =>
        {
            stop.Cancel(); // the service has it, and its answer is not out yet
            return deliver(id, frame);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (RunCommandEvent one in new RunCommand(_fleet.Account.Context, _fleet.Account.Time).RunAsync(
                [node], new RunCommandOptions { Script = "sleep 1000" }, stop.Token))
            {
                Assert.Null(one.Sent);
            }
        });

        Assert.Equal("Cancelled", Assert.Single(_fleet.Account.World.Commands.Values).Status);
    }

    [Fact]
    public async Task Long_output_is_fetched_as_far_as_it_is_kept()
    {
        string node = _fleet.Add("web", output: new string('x', 24_000), error: "late\n");
        string other = _fleet.Add("short", output: new string('y', 100));

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "cat" }, node, other);

        CommandOutcome cut = Outcome(events, node);
        Assert.Equal((24_000, "late\n", true), (cut.Output.Length, cut.Error, cut.IsTruncated));
        Assert.False(Outcome(events, other).IsTruncated);
        Assert.Single(_fleet.Account.Calls, call => call == "GetCommandInvocation");
    }

    [Theory]
    [InlineData("AccessDeniedException", ErrorKind.PermissionDenied)]
    [InlineData("InvocationDoesNotExist", ErrorKind.InvalidOperation)]
    public async Task Whoever_may_not_have_long_output_gets_its_beginning_and_the_others_results(string code, ErrorKind kind)
    {
        string node = _fleet.Add("web", output: new string('x', 9_000));
        string other = _fleet.Add("short", output: "y\n");
        _fleet.Account.Before = (_, call) => call == "GetCommandInvocation" ? Refusal(code) : null;

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "cat" }, node, other);

        Assert.Equal((2_500, true), (Outcome(events, node).Output.Length, Outcome(events, node).IsTruncated));
        Assert.Equal(("y\n", false), (Outcome(events, other).Output, Outcome(events, other).IsTruncated));
        Assert.Equal(("OutputNotRead", kind), (Failure(events, node).ErrorId, Failure(events, node).Kind));
    }

    [Fact]
    public async Task A_command_whose_answer_is_lost_is_found_and_not_sent_twice()
    {
        string node = _fleet.Add("web", output: "once\n");
        bool isSent = false;
        _fleet.Account.Before = (_, call) =>
        {
            if (call != "SendCommand" || isSent)
            {
                return null;
            }

            isSent = true;
            _fleet.Account.Context.Ssm.SendCommandAsync(
                new SendCommandRequest
                {
                    InstanceIds = { node },
                    DocumentName = "AWS-RunShellScript",
                    Parameters = { ["commands"] = ["date"] },
                },
                TestTimeout.Token).Wait();
            return new HttpResponse(500, """{"__type":"InternalServerError","message":"?"}"""u8.ToArray(), "application/x-amz-json-1.1");
        };

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "date" }, node);

        Assert.Equal("once\n", Outcome(events, node).Output);
        Assert.Single(_fleet.Got);
    }

    [Fact]
    public async Task A_command_that_is_not_to_be_found_after_a_lost_answer_is_an_error_that_says_so()
    {
        string node = _fleet.Add("web");
        _fleet.Account.Before = (_, call) => call == "SendCommand"
            ? new HttpResponse(500, """{"__type":"InternalServerError","message":"?"}"""u8.ToArray(), "application/x-amz-json-1.1")
            : null;

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "date" }, node);

        Assert.Contains("not known", Failure(events, node).Message, StringComparison.Ordinal);
        Assert.Single(_fleet.Account.Calls, call => call == "SendCommand");
    }

    [Fact]
    public async Task An_earlier_command_of_the_same_words_is_not_taken_for_one_whose_answer_was_lost()
    {
        string node = _fleet.Add("web", output: "before\n");
        Assert.Equal("before\n", Outcome(await RunAsync(new RunCommandOptions { Script = "date" }, node), node).Output);
        _fleet.Account.Clock.Advance(TimeSpan.FromMinutes(1));
        _fleet.Account.Before = (_, call) => call == "SendCommand"
            ? new HttpResponse(500, """{"__type":"InternalServerError","message":"?"}"""u8.ToArray(), "application/x-amz-json-1.1")
            : null;

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { Script = "date" }, node);

        Assert.Contains("not known", Failure(events, node).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(events, one => one.Outcome is not null);
    }

    [Fact]
    public async Task A_document_with_parameters_is_sent_as_it_is()
    {
        string node = _fleet.Add("web", "Windows");

        await RunAsync(
            new RunCommandOptions
            {
                DocumentName = "AWS-RunPowerShellScript",
                Parameters = new Dictionary<string, IReadOnlyList<string>> { ["commands"] = ["Get-Date", "whoami"] },
                WorkingDirectory = "C:\\",
                ExecutionTimeout = TimeSpan.FromMinutes(2),
                DeliveryTimeout = TimeSpan.FromMinutes(1),
                Comment = "audit",
            },
            node);

        CommandRecord command = Assert.Single(_fleet.Account.World.Commands.Values);
        Assert.Equal(
            """{"commands":["Get-Date","whoami"],"workingDirectory":["C:\\"],"executionTimeout":["120"]}""",
            command.Parameters.ToJsonString());
        Assert.Equal(TimeSpan.FromMinutes(1), command.DeliveryTimeout);
        Assert.Equal("audit", command.Request["Comment"]!.ToString());
    }

    [Fact]
    public async Task What_the_service_refuses_is_told_for_each_node()
    {
        string first = _fleet.Add("a");
        string second = _fleet.Add("b");

        List<RunCommandEvent> events = await RunAsync(new RunCommandOptions { DocumentName = "AWS-Nothing" }, first, second);

        Assert.Equal([first, second], events.Where(one => one.Failure is not null).Select(one => one.Failure!.Target));
    }

    private static HttpResponse Refusal(string code) =>
        HttpResponse.Text(400, $$"""{"__type":"{{code}}","message":"no"}""", "application/x-amz-json-1.1");

    private static CommandOutcome Outcome(List<RunCommandEvent> events, string node) =>
        Assert.Single(events, one => one.Outcome?.InstanceId == node).Outcome!;

    private static EngineException Failure(List<RunCommandEvent> events, string node) =>
        Assert.Single(events, one => one.Failure?.Target is { } target && target.StartsWith(node, StringComparison.Ordinal)).Failure!;

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
