using SsmTools.Engine.Protocol;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Protocol;

/// <summary>Whatever the link does: every byte arrives once and in order, both ways.</summary>
public sealed class DataChannelPropertyTests
{
    private static readonly byte[] s_dataKey = [.. Enumerable.Range(0, SessionKeys.DataKeyLength).Select(i => (byte)i)];

    public static TheoryData<string, int, double, double, double, int, int, int> Links => new()
    {
        // name, schedules, loss, duplication, damage, least and greatest delay in ms, frames delivered between breaks
        { "perfect", 100, 0, 0, 0, 0, 0, 0 },
        { "slow", 200, 0, 0, 0, 300, 400, 0 },
        { "reordering", 600, 0, 0.05, 0, 1, 200, 0 },
        { "losing 1 %", 600, 0.01, 0.01, 0, 5, 20, 0 },
        { "losing 30 %", 600, 0.30, 0.10, 0, 1, 100, 0 },
        { "damaging", 400, 0.02, 0.02, 0.10, 1, 50, 0 },
        { "breaking", 600, 0.02, 0.02, 0, 1, 50, 40 },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public void Every_byte_arrives_once_and_in_order(
        string name, int schedules, double loss, double duplication, double damage, int minDelay, int maxDelay, int breakEvery)
    {
        LinkFaults faults = new()
        {
            Loss = loss,
            Duplication = duplication,
            Damage = damage,
            MinDelay = TimeSpan.FromMilliseconds(minDelay),
            MaxDelay = TimeSpan.FromMilliseconds(maxDelay),
            BreakEvery = breakEvery,
        };
        for (int seed = 0; seed < schedules; seed++)
        {
            Run($"{name}, seed {seed}", faults, new Random(seed), withHandshake: seed % 2 == 0, encrypted: seed % 4 == 0);
        }
    }

    private static void Run(string name, LinkFaults faults, Random random, bool withHandshake, bool encrypted)
    {
        ManualTimeProvider time = new();
        DataChannelOptions common = new()
        {
            Role = ChannelRole.Client,
            MaxBytesInFlight = random.Next(1, 20_000),
            MaxMessagesBuffered = random.Next(1, 50),
            HandshakeTimeout = TimeSpan.FromHours(1),
            NewId = () => Id(random),
        };
        DataChannel client = new(common, time);
        DataChannel agent = new(
            common with
            {
                Role = ChannelRole.Agent,
                MaxResends = 40,
                Handshake = withHandshake ? new SessionTypeParameters { SessionType = SessionType.Port } : null,
                Encryption = encrypted ? new KmsEncryptionParameters { KmsKeyId = "alias/x", Challenge = "c" } : null,
            },
            time);
        SimulatedLink link = new(client, agent, faults, time, random);
        Pump up = new(client, agent, Bytes(random, 20_000), random);
        Pump down = new(agent, client, Bytes(random, 20_000), random);

        int steps = 0;
        do
        {
            up.Move();
            down.Move();
            Assert.True(steps++ < 200_000, $"{name}: no end in sight");
        }
        while (link.Step());

        Assert.True(up.IsDone, $"{name}: {up.Received.Count} bytes of {up.Sent.Length} arrived at the agent");
        Assert.True(down.IsDone, $"{name}: {down.Received.Count} bytes of {down.Sent.Length} arrived at the client");
        Assert.True(up.Received.SequenceEqual(up.Sent), $"{name}: the agent has other bytes than were sent");
        Assert.True(down.Received.SequenceEqual(down.Sent), $"{name}: the client has other bytes than were sent");
        Assert.True(client.IsEncrypted == encrypted && agent.IsEncrypted == encrypted, $"{name}: encryption");
        Assert.True(client.IsDrained && agent.IsDrained, $"{name}: something stayed unacknowledged");
    }

    /// <summary>One direction: sends what the window takes, collects what comes, and now and then is not ready.</summary>
    private sealed class Pump(DataChannel from, DataChannel to, byte[] sent, Random random)
    {
        private int _offset;

        public byte[] Sent { get; } = sent;

        public List<byte> Received { get; } = [];

        public bool IsDone => _offset == Sent.Length && Received.Count == Sent.Length;

        public void Move()
        {
            while (_offset < Sent.Length && from.CanSend)
            {
                int length = Math.Min(random.Next(1, 2000), Sent.Length - _offset);
                Assert.True(from.TrySend(PayloadType.Output, Sent.AsSpan(_offset, length)));
                _offset += length;
            }

            Collect();
            to.AcceptsPayloads = random.Next(8) > 0;
            Collect();
        }

        private void Collect()
        {
            while (to.TryReadEvent(out ChannelEvent channelEvent))
            {
                Assert.True(
                    channelEvent.Kind is not (ChannelEventKind.Failed or ChannelEventKind.Broken or ChannelEventKind.Closed), channelEvent.Text);
                if (channelEvent.KeyNeed is { } need)
                {
                    to.ProvideKey(s_dataKey, [.. need.CipherText ?? s_dataKey]);
                }

                if (channelEvent.Kind == ChannelEventKind.Payload)
                {
                    Assert.Equal(PayloadType.Output, channelEvent.PayloadType);
                    Received.AddRange(channelEvent.Data.Span);
                }
            }
        }
    }

    private static byte[] Bytes(Random random, int most)
    {
        byte[] bytes = new byte[random.Next(1, most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static Guid Id(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
