using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Clients;

/// <summary>S3 and CloudWatch Logs of the sandbox, with every AWS CLI that is there.</summary>
public sealed class AwsCliStorageTests
{
    private readonly CancellationToken _timeout = TestTimeout.Seconds(240);

    public static TheoryData<int> CommandLines => AwsCliRecipeTests.CommandLines;

    [AwsCliTheory]
    [MemberData(nameof(CommandLines))]
    public async Task Files_go_to_buckets_and_come_back_the_same_short_or_long(int commandLine)
    {
        await using ClientStage stage = new();
        using TemporaryDirectory files = new();
        byte[] bytes = new byte[9 * 1024 * 1024];
        new Random(6).NextBytes(bytes);
        string from = Path.Combine(files.Path, "from");
        string back = Path.Combine(files.Path, "back");
        await File.WriteAllBytesAsync(from, bytes, _timeout);

        await Run("s3 mb s3://tests-of-logs");
        await Run($"s3 cp {from} s3://tests-of-logs/deep/in/it.bin --no-progress");
        await Run($"s3 cp - s3://tests-of-logs/short.txt", "short");
        Assert.Equal("short", await Run("s3 cp s3://tests-of-logs/short.txt -"));
        await Run($"s3 cp s3://tests-of-logs/deep/in/it.bin {back} --no-progress");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(back, _timeout));

        string listed = await Run("s3 ls s3://tests-of-logs");
        Assert.Contains("PRE deep/", listed, StringComparison.Ordinal);
        Assert.Contains("5 short.txt", listed, StringComparison.Ordinal);
        Assert.Contains("9437184 deep/in/it.bin", await Run("s3 ls s3://tests-of-logs --recursive"), StringComparison.Ordinal);
        Assert.Contains("tests-of-logs", await Run("s3 ls"), StringComparison.Ordinal);
        Assert.Equal(
            "AES256",
            await Run("s3api get-bucket-encryption --bucket tests-of-logs --output text --query ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm"));
        Assert.Equal(
            stage.World.Region,
            await Run("s3api get-bucket-location --bucket tests-of-logs --output text --query LocationConstraint"));
        Assert.Equal("hor", (await Run($"s3api get-object --bucket tests-of-logs --key short.txt --range bytes=1-3 {back} --output text --query ContentLength")) == "3"
            ? await File.ReadAllTextAsync(back, _timeout)
            : "");

        // In another Region than the one it is asked in: the CLI follows where S3 sends it.
        await Run("--region us-west-2 s3 mb s3://far-logs");
        await Run("s3 cp - s3://far-logs/x", "far");
        Assert.Equal("us-west-2", stage.World.Buckets["far-logs"].Region);
        Assert.Equal("far", await Run("s3 cp s3://far-logs/x -"));

        await Run("s3 rm s3://tests-of-logs --recursive");
        await Run("s3 rb s3://tests-of-logs");
        Assert.DoesNotContain("tests-of-logs", stage.World.Buckets.Keys);

        Task<string> Run(string command, string? input = null) => RunAsync(stage, commandLine, command, input);
    }

    [AwsCliTheory]
    [MemberData(nameof(CommandLines))]
    public async Task Events_are_put_into_log_streams_and_found_again(int commandLine)
    {
        await using ClientStage stage = new();
        await Run("logs create-log-group --log-group-name /tests");
        await Run("logs put-retention-policy --log-group-name /tests --retention-in-days 7");
        long now = stage.World.Now.ToUnixTimeMilliseconds();
        foreach (string stream in new[] { "one", "two" })
        {
            await Run($"logs create-log-stream --log-group-name /tests --log-stream-name {stream}");
            await Run($"logs put-log-events --log-group-name /tests --log-stream-name {stream} "
                + $"--log-events timestamp={now},message=from-{stream} timestamp={now + 1},message=more");
        }

        Assert.Equal(
            "from-one\tfrom-two", await Run("logs filter-log-events --log-group-name /tests --filter-pattern from --output text --query events[].message"));
        Assert.Equal(
            "from-one\tmore\tfrom-two\tmore".Split('\t').Order(),
            (await Run("logs filter-log-events --log-group-name /tests --page-size 1 --output text --query events[].message")).Split('\t', '\n').Order());
        Assert.Equal(
            "from-two\tmore",
            await Run("logs get-log-events --log-group-name /tests --log-stream-name two --start-from-head --output text --query events[].message"));
        Assert.Equal("7", await Run("logs describe-log-groups --log-group-name-prefix /tests --output text --query logGroups[0].retentionInDays"));
        Assert.Equal("one\ttwo", await Run("logs describe-log-streams --log-group-name /tests --output text --query logStreams[].logStreamName"));

        Task<string> Run(string command) => RunAsync(stage, commandLine, command, null);
    }

    private async Task<string> RunAsync(ClientStage stage, int commandLine, string command, string? input)
    {
        string[] arguments = ["--endpoint-url", stage.Endpoint, .. command.Split(' ')];
        (int code, string output, string error) = await ClientProcess.RunAsync(
            AwsClients.CommandLines[commandLine], arguments, stage.Environment, input, _timeout);
        Assert.True(code == 0, $"aws {command}: {error}");
        return output.TrimEnd();
    }
}
