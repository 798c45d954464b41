namespace SsmTools.Benchmarks;

/// <summary>The programs that a measurement starts, as found on PATH; null where one is not there.</summary>
internal sealed record Tools(string Manifest, string? PowerShell, string? AwsCli, string? Plugin)
{
    public static readonly IReadOnlyDictionary<string, string> NoEnvironment = new Dictionary<string, string>();

    public static Tools Find(string repositoryRoot)
    {
        return new Tools(
            Path.Combine(repositoryRoot, "SsmTools.psd1"),
            OnPath("pwsh"),
            OnPath("aws"),
            OnPath("session-manager-plugin"));
    }

    private static string? OnPath(string program)
    {
        string[] names = OperatingSystem.IsWindows() ? [program + ".exe", program + ".cmd"] : [program];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
