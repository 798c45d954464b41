using System.Diagnostics;
using System.Text.RegularExpressions;
using SsmTools.Engine.Aws;

namespace SsmTools.Tests.Support;

/// <summary>moto_server on a port of its own, ended with the test. https://github.com/getmoto/moto</summary>
internal sealed partial class MotoServer : IDisposable
{
    private readonly Process _process;

    private MotoServer(Process process, string endpoint)
    {
        _process = process;
        Context = AwsContext.Create(new AwsOptions
        {
            Region = "eu-west-1",
            AccessKey = "AKIAIOSFODNN7EXAMPLE",
            SecretKey = "anything",
            EndpointUrl = endpoint,
            CallTimeout = TimeSpan.FromMinutes(1),
            Transport = new MotoLimits(new SocketsHttpHandler()),
        });
    }

    public AwsContext Context { get; }

    /// <summary>Where the program is; null where it is not installed.</summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable("SSMTOOLS_MOTO") is { Length: > 0 } named
            ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
                .Select(folder => Path.Combine(folder, "moto_server"))
                .FirstOrDefault(File.Exists);

    public static async Task<MotoServer> StartAsync(CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(Find()!)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            ArgumentList = { "-H", "127.0.0.1", "-p", "0" },
            Environment = { ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true" },
        };
        Process process = Process.Start(start)!;
        try
        {
            TaskCompletionSource<string> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
            List<string> said = [];
            process.ErrorDataReceived += (_, line) => Hear(line.Data);
            process.OutputDataReceived += (_, line) => Hear(line.Data);
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            return new MotoServer(process, await address.Task.WaitAsync(cancellationToken));

            void Hear(string? line)
            {
                lock (said)
                {
                    said.Add(line ?? string.Empty);
                }

                if (line is null)
                {
                    address.TrySetException(new InvalidOperationException($"moto_server ended: {string.Join('\n', said)}"));
                }
                else if (Address().Match(line) is { Success: true } match)
                {
                    address.TrySetResult(match.Value);
                }
            }
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Context.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
