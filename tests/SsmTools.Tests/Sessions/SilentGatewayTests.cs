using SsmTools.Engine;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

/// <summary>A gateway that takes every link and drops it without a good word.</summary>
public sealed class SilentGatewayTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_not_called_for_ever(bool sendsGarbage)
    {
        ManualTimeProvider time = new();
        CancellationToken timeout = TestTimeout.Token;
        SilentGateway gateway = new(sendsGarbage);
        ShellSession session = await ShellSession.StartAsync(
            gateway, gateway, new ShellSessionOptions { Target = "i-1" }, time, timeout);

        Task<SessionEnd> run = session.RunAsync(new FakeTerminal(), timeout);
        while (!run.IsCompleted)
        {
            timeout.ThrowIfCancellationRequested();
            await Task.WhenAny(run, time.WhenTimerAsync(null, timeout));
            time.AdvanceToNextTimer();
        }

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => run);
        Assert.Equal("SessionConnectionLost", e.ErrorId);
        Assert.InRange(time.GetElapsedTime(0), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
        Assert.InRange(gateway.Links, 20, 200); // about 120, where the clock is not turned faster than links are sought
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    private sealed class SilentGateway(bool sendsGarbage) : ISessionApi, ITransportConnector
    {
        public int Links { get; private set; }

        public Task<SessionGrant> StartAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new SessionGrant("s-1", "ws://gateway/stream", "secret"));

        public Task<SessionGrant?> ResumeAsync(string sessionId, CancellationToken cancellationToken) =>
            Task.FromResult<SessionGrant?>(new SessionGrant("s-1", "", "secret"));

        public Task<SessionDataKey> GenerateDataKeyAsync(
            string sessionId, DataKeyNeed need, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool?> IsNodeConnectedAsync(CancellationToken cancellationToken) => Task.FromResult<bool?>(null);

        public Task TerminateAsync(string sessionId, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IMessageTransport> ConnectAsync(string streamUrl, CancellationToken cancellationToken)
        {
            // All at once, so that no time passes on the test's clock while the link is open.
            Links++;
            (MemoryTransport near, MemoryTransport far) = MemoryTransport.CreatePair();
            if (sendsGarbage)
            {
                _ = far.SendAsync(new byte[200], cancellationToken).AsTask();
            }

            far.Close();
            return Task.FromResult<IMessageTransport>(near);
        }
    }
}
