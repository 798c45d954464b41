namespace SsmTools.Engine.Survey;

/// <summary>An answer of AWS, or why there is none. A value of null is an answer too: there is no such thing.</summary>
/// <param name="Value">What was read; meaningless where nothing was.</param>
/// <param name="Obstacle">Why nothing was read: <c>ec2:DescribeSubnets is denied to you</c>; null where all went well.</param>
/// <typeparam name="T">What was asked for.</typeparam>
internal readonly record struct Reading<T>(T? Value, Obstacle? Obstacle = null)
{
    /// <summary>Whether it was read.</summary>
    public bool IsKnown => Obstacle is null;

    /// <summary>The value, as an answer.</summary>
    public static implicit operator Reading<T>(T? value) => new(value);

    /// <summary>No answer.</summary>
    public static implicit operator Reading<T>(Obstacle obstacle) => new(default, obstacle);
}
