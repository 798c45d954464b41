using SsmTools.Engine.Aws;

namespace SsmTools.Engine.Provisioning;

/// <summary>What is called off when somebody stops: all of it at once, with some patience but not much.</summary>
internal static class Farewell
{
    /// <summary>How long calling off may hold up the end.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Calls off what goes on. That something cannot be called off keeps nothing else from it, and is no error.</summary>
    /// <param name="context">Whose time it takes.</param>
    /// <param name="running">What goes on.</param>
    /// <param name="starting">What was being started when somebody stopped, and may go on by now; null for nothing.</param>
    /// <param name="callOff">Calls one off.</param>
    public static async Task CallOffAsync<T>(
        AwsContext context, IReadOnlyCollection<T> running, Task<T?>? starting, Func<T, CancellationToken, Task> callOff)
        where T : class
    {
        using CancellationTokenSource patience = new(s_patience, context.Time);
        CancellationToken token = patience.Token;
        try
        {
            await Task.WhenAll([.. running.Select(one => TryAsync(() => callOff(one, token))), TryAsync(StartedAsync)])
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Whoever stopped is not to wait any longer.
        }

        async Task StartedAsync()
        {
            if (starting is not null && await starting.WaitAsync(token).ConfigureAwait(false) is { } one)
            {
                await callOff(one, token).ConfigureAwait(false);
            }
        }
    }

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (EngineException)
        {
            // Whoever stopped is not to be told of something else now.
        }
    }
}
