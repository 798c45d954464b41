namespace SsmTools.Engine.Access;

/// <summary>Something that somebody with the policy may try, with what surrounds it, and how it must end.</summary>
/// <param name="Actions">The actions; each is a check of its own.</param>
/// <param name="Words">What it is, in words.</param>
/// <param name="Resource">The resource's ARN, or a star.</param>
/// <param name="MustBeAllowed">How it must end.</param>
internal sealed record AccessCase(IReadOnlyList<string> Actions, string Words, string Resource, bool MustBeAllowed)
{
    /// <summary>The context keys and their values; <c>true</c> and <c>false</c> are booleans.</summary>
    public IReadOnlyDictionary<string, string> Context { get; init; } = new Dictionary<string, string>();
}
