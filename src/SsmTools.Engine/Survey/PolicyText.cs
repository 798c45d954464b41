namespace SsmTools.Engine.Survey;

/// <summary>A policy under its name.</summary>
/// <param name="name">What people call it: <c>AmazonSSMManagedInstanceCore</c>.</param>
/// <param name="document">Its JSON, plain.</param>
internal sealed class PolicyText(string name, string document)
{
    private readonly Lazy<IReadOnlyList<PolicyStatement>> _statements = new(() => PolicyStatement.Parse(document));

    /// <summary>What people call it.</summary>
    public string Name { get; } = name;

    /// <summary>What it says; read once, since many nodes share it.</summary>
    public IReadOnlyList<PolicyStatement> Statements => _statements.Value;

    /// <summary>Whether it allows an action, and does not deny it.</summary>
    public bool Allows(string action, string? roleArn = null) =>
        !Denies(action, roleArn) && Statements.Any(statement => !statement.IsDeny && statement.Covers(action, roleArn));

    /// <summary>Whether it allows an action on a resource: an ARN, or the end of one.</summary>
    public bool AllowsOn(string action, string resource) =>
        !Denies(action) && Statements.Any(statement => !statement.IsDeny && statement.CoversOn(action, resource));

    /// <summary>Whether it denies an action without conditions.</summary>
    public bool Denies(string action, string? roleArn = null) =>
        Statements.Any(statement => statement is { IsDeny: true, HasCondition: false } && statement.Covers(action, roleArn));
}
