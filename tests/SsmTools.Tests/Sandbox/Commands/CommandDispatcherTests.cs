using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Commands;

public sealed class CommandDispatcherTests : IDisposable
{
    private readonly SandboxWorld _world = new(new WorldOptions { Seed = 1 }, new SandboxClock(new ManualTimeProvider()));
    private readonly List<string> _sent = [];
    private readonly HashSet<string> _away = [];
    private readonly CommandDispatcher _dispatcher;

    public CommandDispatcherTests()
    {
        _dispatcher = new CommandDispatcher(_world, (node, _) =>
        {
            _sent.Add(node);
            return !_away.Contains(node);
        });
    }

    public void Dispose() => _dispatcher.Dispose();

    [Fact]
    public void Nodes_get_their_turn_as_others_end()
    {
        CommandRecord command = Start("2", "0", "a", "b", "c");
        Assert.Equal(["a", "b"], _sent);

        Reply(command, "b", "Success");

        Assert.Equal(["a", "b", "c"], _sent);
        Assert.Equal("InProgress", command.Status);
        Reply(command, "a", "Success");
        Reply(command, "c", "Success");
        Assert.Equal("Success", command.Status);
    }

    [Theory]
    [InlineData("0", 1)]
    [InlineData("1", 2)]
    [InlineData("50%", 3)]
    public void Too_many_errors_spare_the_rest(string maxErrors, int runs)
    {
        CommandRecord command = Start("1", maxErrors, "a", "b", "c", "d");
        for (int run = 0; run < runs; run++)
        {
            Reply(command, _sent[^1], "Failed");
        }

        Assert.Equal(runs, _sent.Count);
        Assert.Equal(4 - runs, command.Invocations.Count(one => one is { Status: "Cancelled", Details: "Terminated" }));
        Assert.Equal(("Failed", "RateExceeded"), (command.Status, command.StatusDetails));
    }

    [Fact]
    public void A_node_that_comes_back_in_time_gets_what_has_waited()
    {
        _away.Add("a");
        CommandRecord command = Start("50", "0", "a");
        Assert.Equal("Pending", command.Invocations[0].Status);
        _away.Clear();

        _dispatcher.OnConnected("b");
        _dispatcher.OnConnected("a");
        _dispatcher.OnConnected("a");

        Assert.Equal(["a", "a"], _sent);
        _dispatcher.OnReceipt("a", CommandMessages.JobId(command.CommandId, "a"), 200);
        Assert.Equal("InProgress", command.Invocations[0].Status);
    }

    [Fact]
    public void A_node_that_does_not_come_back_times_out()
    {
        _away.Add("a");
        CommandRecord command = Start("50", "100%", "a", "b");
        _dispatcher.OnReceipt("b", CommandMessages.JobId(command.CommandId, "b"), 200);

        _world.Clock.Advance(TimeSpan.FromSeconds(600));

        Assert.Equal(("TimedOut", "DeliveryTimedOut"), (command.Invocations[0].Status, command.Invocations[0].Details));
        Assert.Equal("InProgress", command.Invocations[1].Status);
        Reply(command, "b", "TimedOut");
        Assert.Equal(("TimedOut", "ExecutionTimedOut"), (command.Invocations[1].Status, command.Invocations[1].Details));
        Assert.Equal("TimedOut", command.Status);
    }

    [Fact]
    public void A_node_speaks_for_itself_only_and_the_last_word_stands()
    {
        CommandRecord command = Start("50", "0", "a", "b");

        _dispatcher.OnReply("c", CommandMessages.JobId(command.CommandId, "c"), "Success", []);
        _dispatcher.OnReply("b", CommandMessages.JobId(Guid.Empty.ToString(), "b"), "Success", []);
        Reply(command, "a", "Success");
        Reply(command, "a", "InProgress");

        Assert.Equal(["Success", "Pending"], command.Invocations.Select(one => one.Status));
    }

    [Fact]
    public void What_is_called_off_is_told_to_agents_that_have_it()
    {
        _away.Add("b");
        CommandRecord command = Start("2", "0", "a", "b", "c");

        _dispatcher.Cancel(command, []);

        Assert.Equal(["Cancelling", "Cancelled", "Cancelled"], command.Invocations.Select(one => one.Status));
        Assert.Equal(["a", "b", "a"], _sent);
        Assert.Equal("Cancelling", command.Status);
        Reply(command, "a", "Cancelled");
        Assert.Equal("Cancelled", command.Status);
    }

    [Fact]
    public void An_agent_may_refuse()
    {
        CommandRecord command = Start("1", "0", "a");

        _dispatcher.OnReceipt("a", CommandMessages.JobId(command.CommandId, "a"), 51406);

        Assert.Equal(("Failed", "Undeliverable"), (command.Invocations[0].Status, command.Invocations[0].Details));
    }

    private CommandRecord Start(string maxConcurrency, string maxErrors, params string[] nodes)
    {
        CommandRecord command = new()
        {
            CommandId = _world.Ids.Uuid(),
            Region = "eu-central-1",
            Sequence = 1,
            DocumentName = "AWS-RunShellScript",
            DocumentVersion = "$DEFAULT",
            Document = [],
            Parameters = [],
            Request = [],
            Requested = _world.Now,
            DeliveryTimeout = TimeSpan.FromSeconds(600),
            MaxConcurrency = maxConcurrency,
            MaxErrors = maxErrors,
        };
        command.Invocations.AddRange(nodes.Select(node => new InvocationRecord(node, "")));
        _dispatcher.Start(command);
        return command;
    }

    private void Reply(CommandRecord command, string node, string status) =>
        _dispatcher.OnReply(node, CommandMessages.JobId(command.CommandId, node), status, []);
}
