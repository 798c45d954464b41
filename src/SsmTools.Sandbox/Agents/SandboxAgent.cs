using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Agents;

/// <summary>
/// The agent of one instance, from boot to shutdown: gets through to the gateway if it may, sleeps for half an hour if
/// it may not, and comes back when the connection is lost.
/// </summary>
internal sealed class SandboxAgent
{
    private readonly SandboxWorld _world;
    private readonly InstanceRecord _instance;
    private readonly AgentSettings _settings;
    private readonly AgentApi _api;
    private readonly AgentKms _kms;
    private readonly AgentStorage? _storage;

    public SandboxAgent(
        SandboxWorld world, InstanceRecord instance, AgentSettings settings, AgentApi api, AgentKms kms, AgentStorage? storage = null)
    {
        _world = world;
        _instance = instance;
        _settings = settings;
        _api = api;
        _kms = kms;
        _storage = storage;
    }

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        AgentSessions sessions = new(_settings, _api, _kms, _storage);
        AgentCommands commands = new(_settings, new AgentReports(_settings, _api), _storage);
        await using (sessions.ConfigureAwait(false))
        await using (commands.ConfigureAwait(false))
        {
            try
            {
                NoteSleep(null);
                await DelayAsync(_settings.BootDelay, cancellationToken).ConfigureAwait(false);
                while (true)
                {
                    if (MayConnect())
                    {
                        await ConnectAsync(sessions, commands, cancellationToken).ConfigureAwait(false);
                    }

                    // A lost connection is tried again in seconds. Without rights the real agent sleeps 25 to 30
                    // minutes, which only a restart ends.
                    bool mayConnect = MayConnect();
                    TimeSpan wait = mayConnect
                        ? TimeSpan.FromSeconds(5 + (5 * _settings.Random.NextDouble()))
                        : TimeSpan.FromMinutes(25 + (5 * _settings.Random.NextDouble()));
                    Task sleep = DelayAsync(wait, cancellationToken);
                    NoteSleep(mayConnect ? null : _settings.Clock.GetUtcNow() + wait);
                    await sleep.ConfigureAwait(false);
                    NoteSleep(null);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The machine is switched off.
            }
        }
    }

    private bool MayConnect()
    {
        lock (_world.Gate)
        {
            return !_instance.HasOutsideAgent && RegistrationRules.Evaluate(_world, _instance).Count == 0;
        }
    }

    private void NoteSleep(DateTimeOffset? until)
    {
        lock (_world.Gate)
        {
            _instance.AgentSleepsUntil = until;
        }
    }

    private Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        Task.Delay(delay, _settings.Clock, cancellationToken);

    private async Task ConnectAsync(AgentSessions sessions, AgentCommands commands, CancellationToken cancellationToken)
    {
        try
        {
            using AgentSocket socket = await _api.OpenControlChannelAsync(cancellationToken).ConfigureAwait(false);
            AgentControl control = new(socket, sessions, commands, MayConnect, _settings);
            await control.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AgentException)
        {
            // Refused, or nobody there: the next try comes.
        }
    }
}
