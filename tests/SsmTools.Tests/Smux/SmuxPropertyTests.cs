using SsmTools.Engine.Smux;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Smux;

/// <summary>Whatever is opened, written and closed, and however it is cut: every byte arrives once and in order.</summary>
public sealed class SmuxPropertyTests
{
    [Theory]
    [InlineData(500, 1, 32768)]
    [InlineData(500, 7, 1)]
    [InlineData(500, 3, 700)]
    [InlineData(300, 40, 65535)]
    public void Every_byte_arrives_once_and_in_order(int schedules, int maxStreams, int maxFrameSize)
    {
        for (int seed = 0; seed < schedules; seed++)
        {
            Random random = new(seed);
            ManualTimeProvider time = new();
            SmuxOptions options = new() { Role = SmuxRole.Client, MaxFrameSize = maxFrameSize };
            End client = new(new SmuxSession(options, time), random);
            End server = new(new SmuxSession(options with { Role = SmuxRole.Server }, time), random);
            for (int step = 0; step < 200; step++)
            {
                (End one, End other) = random.Next(2) == 0 ? (client, server) : (server, client);
                switch (random.Next(10))
                {
                    case < 2 when one.Count < maxStreams:
                        one.Open();
                        break;
                    case < 6:
                        one.Write(maxFrameSize);
                        break;
                    case 6 when random.Next(5) == 0:
                        one.Finish();
                        break;
                    default:
                        one.Carry(other);
                        break;
                }
            }

            while (client.Carry(server) | server.Carry(client))
            {
            }

            client.AssertArrivedAt(server, $"seed {seed}, client to server");
            server.AssertArrivedAt(client, $"seed {seed}, server to client");
        }
    }

    [Fact]
    public void Noise_never_does_more_than_break_the_session()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            Random random = new(seed);
            SmuxSession session = new(new SmuxOptions { Role = SmuxRole.Server, MaxStreams = 10 }, new ManualTimeProvider());
            for (int i = 0; i < 50; i++)
            {
                byte[] bytes = new byte[random.Next(100)];
                random.NextBytes(bytes);
                for (int at = 0; at + 8 <= bytes.Length; at += 8)
                {
                    // Mostly headers that are nearly right.
                    SmuxFrame.Write(bytes.AsSpan(at), (SmuxCommand)random.Next(random.Next(50) == 0 ? 256 : 4), (uint)random.Next(20), random.Next(30));
                }

                session.Receive(bytes);
                while (session.TryReadEvent(out SmuxEvent smuxEvent))
                {
                    Assert.True(smuxEvent.Kind != SmuxEventKind.Data || smuxEvent.Data.Length > 0);
                }

                Assert.InRange(session.StreamCount, 0, 10);
                while (random.Next(3) == 0 && session.TryDequeuePayload(out _))
                {
                }
            }
        }
    }

    /// <summary>One end, its script, and what it saw.</summary>
    private sealed class End(SmuxSession session, Random random)
    {
        private readonly Dictionary<uint, (long Sent, bool IsFinished)> _written = [];
        private readonly Dictionary<uint, (long Received, bool IsFinished)> _read = [];
        private readonly List<uint> _ids = [];

        public int Count => _ids.Count;

        public void Open() => Know(session.Open());

        public void Write(int maxFrameSize)
        {
            if (_ids.Count == 0)
            {
                return;
            }

            uint id = _ids[random.Next(_ids.Count)];
            byte[] data = new byte[random.Next(random.Next(4) == 0 ? Math.Min(3 * maxFrameSize, 5000) : 30)];
            (long sent, bool isFinished) = _written[id];
            Pattern.Fill(data, id, sent);
            if (session.Write(id, data))
            {
                Assert.False(isFinished);
                _written[id] = (sent + data.Length, false);
            }
        }

        public void Finish()
        {
            if (_ids.Count > 0)
            {
                uint id = _ids[random.Next(_ids.Count)];
                session.FinishWriting(id);
                _written[id] = (_written[id].Sent, true);
            }
        }

        /// <summary>Carries some payloads over, cut in pieces of other sizes.</summary>
        public bool Carry(End other)
        {
            List<byte> bytes = [];
            for (int i = random.Next(1, 5); i > 0 && session.TryDequeuePayload(out ReadOnlyMemory<byte> payload); i--)
            {
                bytes.AddRange(payload.Span);
            }

            byte[] all = [.. bytes];
            for (int at = 0; at < all.Length;)
            {
                int count = Math.Min(random.Next(1, random.Next(2) == 0 ? 12 : 40_000), all.Length - at);
                other.Take(all.AsMemory(at, count));
                at += count;
            }

            return all.Length > 0;
        }

        public void AssertArrivedAt(End other, string what)
        {
            foreach (uint id in _ids)
            {
                Assert.True(other._read.TryGetValue(id, out (long Received, bool IsFinished) read), what);
                Assert.True(_written[id] == read, $"{what}: {_written[id]} was written to {id}, {read} was read.");
            }
        }

        private void Take(ReadOnlyMemory<byte> bytes)
        {
            session.Receive(bytes);
            while (session.TryReadEvent(out SmuxEvent smuxEvent))
            {
                uint id = smuxEvent.StreamId;
                switch (smuxEvent.Kind)
                {
                    case SmuxEventKind.Opened:
                        Know(id);
                        break;
                    case SmuxEventKind.Data:
                        (long received, bool isFinished) = _read[id];
                        Assert.False(isFinished);
                        Assert.Equal(0, Pattern.CountWrong(smuxEvent.Data.Span, id, received));
                        _read[id] = (received + smuxEvent.Data.Length, false);
                        break;
                    case SmuxEventKind.Finished:
                        _read[id] = (_read[id].Received, true);
                        break;
                    default:
                        Assert.Fail(smuxEvent.Text);
                        break;
                }
            }
        }

        private void Know(uint id)
        {
            _ids.Add(id);
            _written.Add(id, default);
            _read.Add(id, default);
        }
    }
}
