using SsmTools.Engine.Aws;

namespace SsmTools.Tests.Support;

/// <summary>A home directory and variables of a test's own. Metadata is off unless the test turns it on.</summary>
internal sealed class AwsHome : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ssmtools-home-");

    public AwsHome()
    {
        Environment = new AwsEnvironment(name => Variables.GetValueOrDefault(name), _folder.FullName);
    }

    public Dictionary<string, string> Variables { get; } = new() { ["AWS_EC2_METADATA_DISABLED"] = "true" };

    public AwsEnvironment Environment { get; }

    public string Path => _folder.FullName;

    public AwsHome Config(string text) => Write(".aws/config", text);

    public AwsHome Credentials(string text) => Write(".aws/credentials", text);

    public AwsHome Variable(string name, string value)
    {
        Variables[name] = value;
        return this;
    }

    public AwsHome Write(string path, string text)
    {
        string full = System.IO.Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
