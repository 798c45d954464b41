using SsmTools.Engine.Aws;

namespace SsmTools.Engine.Choosing;

/// <summary>A question to an account whose answer is a list to choose from. The questions there are: <see cref="AccountQueries"/>.</summary>
public sealed class AccountQuery
{
    private readonly Func<AwsContext, CancellationToken, Task<IReadOnlyList<Choice>>> _ask;

    internal AccountQuery(string name, Func<AwsContext, CancellationToken, Task<IReadOnlyList<Choice>>> ask)
    {
        Name = name;
        _ask = ask;
    }

    /// <summary>What it asks for; tells answers to different questions apart.</summary>
    public string Name { get; }

    /// <summary>Asks now.</summary>
    /// <param name="context">Whom, and as whom.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="EngineException">What the service refused.</exception>
    public Task<IReadOnlyList<Choice>> AskAsync(AwsContext context, CancellationToken cancellationToken) =>
        _ask(context, cancellationToken);
}
