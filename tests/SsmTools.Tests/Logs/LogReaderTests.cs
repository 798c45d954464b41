using SsmTools.Engine;
using SsmTools.Engine.Logs;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Logs;

public sealed class LogReaderTests
{
    [Fact]
    public async Task A_stream_of_many_pages_is_read_to_its_end_in_order()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        SandboxWorld world = sandbox.Host.World;
        LogStreamRecord stream = new("s", world.Now);
        LogStreamRecord empty = new("t", world.Now);
        LogGroupRecord group = new() { Name = "g", Arn = "arn", Created = world.Now, Streams = { ["s"] = stream, ["t"] = empty } };
        for (int i = 0; i < 25_000; i++)
        {
            stream.Add(new LogEventRecord(1_000_000 + (i / 3), i + 1, $"line {i}", 0));
        }

        world.LogGroups.Add("g", group);
        LogReader reader = new(sandbox.Aws);
        int count = 0;
        await foreach (LogLine line in reader.ReadStreamAsync("g", "s", TestTimeout.Token))
        {
            Assert.Equal($"line {count}", line.Message);
            Assert.Equal(DateTime.UnixEpoch.AddMilliseconds(1_000_000 + (count++ / 3)), line.Time);
        }

        Assert.Equal(25_000, count);
        await foreach (LogLine line in reader.ReadStreamAsync("g", "t", TestTimeout.Token))
        {
            Assert.Fail(line.Message);
        }

        List<LogStreamEntry> streams = [];
        await foreach (LogStreamEntry one in reader.ListStreamsAsync("g", null, TestTimeout.Token))
        {
            streams.Add(one);
        }

        Assert.Equal(["s", "t"], streams.Select(one => one.Name));
        Assert.Equal(DateTime.UnixEpoch.AddMilliseconds(1_000_000), streams[0].First);
        Assert.Null(streams[1].Last);
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_named()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        LogReader reader = new(sandbox.Aws);
        EngineException e = await Assert.ThrowsAsync<EngineException>(async () =>
        {
            await foreach (LogStreamEntry one in reader.ListStreamsAsync("/none", null, TestTimeout.Token))
            {
                Assert.Fail(one.Name);
            }
        });
        Assert.Equal(("NotFound", "/none"), (e.ErrorId, e.Target));
        Assert.Contains("/none", e.Message, StringComparison.Ordinal);
    }
}
