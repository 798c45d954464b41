namespace SsmTools.Engine.Survey;

/// <summary>Why something could not be read.</summary>
/// <param name="Action">What was called, as policies name it: <c>ec2:DescribeSubnets</c>.</param>
/// <param name="Reason">What came of it: <c>is denied to you</c>.</param>
internal sealed record Obstacle(string Action, string Reason)
{
    /// <summary>The caller has no right to call it.</summary>
    public static Obstacle Denied(string action) => new(action, "is denied to you");

    /// <summary>Whether the caller has no right to call it.</summary>
    public bool IsDenial => Reason == "is denied to you";

    /// <inheritdoc/>
    public override string ToString() => $"{Action} {Reason}";
}
