using System.Collections;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Sts;
using SsmTools.Sandbox;
using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.Serve;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Serve;

public sealed class ServeProgramTests
{
    private static string ProgramPath => typeof(SandboxHost).Assembly.Location;

    [Fact]
    public async Task It_prints_one_line_of_json_serves_and_ends_with_its_standard_input()
    {
        using Process process = Start("serve", "--json", "--until-stdin-closes", "--tls-port", "0");
        string line = await process.StandardOutput.ReadLineAsync(TestTimeout.Token) ?? "";
        JsonElement facts = TestSandbox.ParseJson(line);
        using AwsContext aws = AwsContext.Create(new AwsOptions
        {
            EndpointUrl = facts.GetProperty("endpoint").GetString(),
            Region = facts.GetProperty("region").GetString(),
            AccessKey = facts.GetProperty("accessKeyId").GetString(),
            SecretKey = facts.GetProperty("secretAccessKey").GetString(),
        });
        GetCallerIdentityResponse caller = await aws.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), TestTimeout.Token);

        using (HttpClient secure = TrustingClient.Create(facts.GetProperty("caFile").GetString()!))
        using (HttpResponseMessage refusal = await secure.GetAsync(
            new Uri(facts.GetProperty("tlsEndpoint").GetString()!), TestTimeout.Token))
        {
            Assert.Equal(403, (int)refusal.StatusCode);
        }

        process.StandardInput.Close();
        string rest = await process.StandardOutput.ReadToEndAsync(TestTimeout.Token);
        await process.WaitForExitAsync(TestTimeout.Token);

        Assert.Equal(0, process.ExitCode);
        Assert.Equal("", rest);
        Assert.EndsWith(":user/sandbox", caller.Arn, StringComparison.Ordinal);
        Assert.StartsWith("vpc-", facts.GetProperty("vpcId").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("sg-", facts.GetProperty("securityGroupId").GetString(), StringComparison.Ordinal);
        foreach (string kind in new[] { "isolated", "private", "dead" })
        {
            Assert.All(
                facts.GetProperty("subnets").GetProperty(kind).EnumerateArray(),
                subnet => Assert.StartsWith("subnet-", subnet.GetString(), StringComparison.Ordinal));
            Assert.NotEqual(0, facts.GetProperty("subnets").GetProperty(kind).GetArrayLength());
        }
    }

    [UnixFact]
    public async Task It_ends_well_on_a_signal()
    {
        foreach (string signal in new[] { "-INT", "-TERM" })
        {
            // On a terminal of its own: what a shell starts in the background is made to ignore the signal of Ctrl-C, and
            // so would be what a test run there starts.
            using TemporaryDirectory home = new();
            await using IPseudoTerminal terminal = PseudoTerminal.Start(OnTerminal(home.Path, "serve"));
            StringBuilder screen = new();
            byte[] buffer = new byte[4096];
            while (!screen.ToString().Contains("security group", StringComparison.Ordinal))
            {
                int count = await terminal.ReadAsync(buffer, TestTimeout.Token);
                Assert.True(count > 0, $"It ended after: {screen}");
                screen.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }

            Assert.Contains("http://127.0.0.1:", screen.ToString(), StringComparison.Ordinal);
            using Process kill = Process.Start("kill", [signal, $"{terminal.ProcessId}"]);

            Assert.Equal(0, await terminal.Exited.WaitAsync(TestTimeout.Token));
        }
    }

    [Fact]
    public async Task Arguments_that_are_not_right_get_the_usage_and_exit_code_2()
    {
        using Process process = Start("serve", "--host", "0.0.0.0");
        string error = await process.StandardError.ReadToEndAsync(TestTimeout.Token);
        await process.WaitForExitAsync(TestTimeout.Token);

        Assert.Equal(2, process.ExitCode);
        Assert.Contains("usage:", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("--port")]
    [InlineData("--port", "x")]
    [InlineData("--port", "-1")]
    [InlineData("--port", "65536")]
    [InlineData("--json=yes")]
    [InlineData("--tls-port")]
    [InlineData("--tls-port", "65536")]
    [InlineData("--tls-port", "0", "--ca-file")]
    [InlineData("--tls-port", "0", "--ca-file", "")]
    public void Arguments_that_are_not_known_or_not_right_are_not_guessed_at(params string[] arguments)
    {
        Assert.Null(ServeArguments.Parse(arguments));
    }

    [Fact]
    public void Arguments_are_read()
    {
        Assert.Equal(new ServeArguments(0, false, false), ServeArguments.Parse([]));
        Assert.Equal(
            new ServeArguments(4566, true, true), ServeArguments.Parse(["--json", "--port", "4566", "--until-stdin-closes"]));
        Assert.Equal(
            new ServeArguments(0, false, false) { TlsPort = 0, CaFile = "ca.pem" },
            ServeArguments.Parse(["--ca-file", "ca.pem"]));
        Assert.Equal(
            new ServeArguments(0, false, false) { TlsPort = 4567, CaFile = "ca.pem" },
            ServeArguments.Parse(["--tls-port", "4567", "--ca-file", "ca.pem"]));
    }

    [Fact]
    public void Faults_are_collected_in_their_order()
    {
        ServeArguments? parsed = ServeArguments.Parse(["--fault", "drop=1%", "--seed", "7", "--fault", "close@10s"]);

        Assert.Equal(["drop=1%", "close@10s"], parsed!.Faults);
        Assert.Equal(7, parsed.Seed);
        Assert.Null(ServeArguments.Parse(["--fault"]));
    }

    [Fact]
    public async Task A_fault_that_is_none_is_answered_with_those_that_are()
    {
        using Process process = Start("serve", "--fault", "drip=1%");
        string error = await process.StandardError.ReadToEndAsync(TestTimeout.Token);
        await process.WaitForExitAsync(TestTimeout.Token);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("'drip'", error, StringComparison.Ordinal);
        Assert.Contains("duplicate", error, StringComparison.Ordinal);
    }

    [Fact]
    public void For_people_there_are_lines_for_bash_and_for_PowerShell()
    {
        string text = FactsText.ToText(new SandboxFacts
        {
            Endpoint = "http://127.0.0.1:1",
            TlsEndpoint = "https://127.0.0.1:2",
            CaFile = "/tmp/ca.pem",
            Region = "eu-west-1",
            AccessKeyId = "AKIA",
            SecretAccessKey = "s/+=",
            VpcId = "vpc-1",
            Subnets = new SandboxSubnets { Isolated = ["subnet-1", "subnet-2"], Private = ["subnet-3"], Dead = ["subnet-4"] },
            SecurityGroupId = "sg-1",
        });

        Assert.Contains("  export AWS_ENDPOINT_URL='http://127.0.0.1:1'", text, StringComparison.Ordinal);
        Assert.Contains("  $env:AWS_SECRET_ACCESS_KEY = 's/+='", text, StringComparison.Ordinal);
        Assert.Contains("subnet-1 subnet-2", text, StringComparison.Ordinal);
        Assert.Contains("https://127.0.0.1:2", text, StringComparison.Ordinal);
        Assert.Contains("/tmp/ca.pem", text, StringComparison.Ordinal);
    }

    private static PseudoTerminalOptions OnTerminal(string directory, params string[] arguments) => new()
    {
        FileName = "/usr/bin/env",
        Arguments = ["dotnet", ProgramPath, .. arguments],
        WorkingDirectory = directory,
        Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!),
    };

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [ProgramPath, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
