namespace SsmTools.Engine.Aws;

/// <summary>The environment's variables and the home directory: the process's, or a test's own.</summary>
internal sealed class AwsEnvironment(Func<string, string?> variable, string home)
{
    /// <summary>The process's own, read anew each time.</summary>
    public static AwsEnvironment Process { get; } = new(
        Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    public string Home => home;

    /// <summary>A variable's value; null when it is not set or empty.</summary>
    public string? this[string name] => variable(name) is { Length: > 0 } value ? value : null;

    public bool IsTrue(string name) => string.Equals(this[name], "true", StringComparison.OrdinalIgnoreCase);
}
