using Amazon.Runtime;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Commands;

/// <summary>Run Command through the API, on the sandbox's own agent, for real.</summary>
public sealed class RunCommandTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;
    private InstanceRecord _instance = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await TestSandbox.StartAsync();
        _instance = await _sandbox.LaunchOnlineAsync();
        await _sandbox.WaitForConnectionAsync(_instance.Id, true);
    }

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [UnixFact]
    public async Task A_script_runs_and_its_streams_and_exit_code_come_back()
    {
        GetCommandInvocationResponse result = await RunAsync("echo out $((40+2))", "echo 'err é' >&2", "exit 3");

        Assert.Equal(("Failed", "Failed", 3), (result.Status, result.StatusDetails, result.ResponseCode));
        Assert.Equal("out 42\n", result.StandardOutputContent);
        Assert.StartsWith("err é\n", result.StandardErrorContent, StringComparison.Ordinal);
        Assert.EndsWith("exit status 3", result.StandardErrorContent, StringComparison.Ordinal);
        Assert.Equal("aws:runShellScript", result.PluginName);

        ListCommandInvocationsResponse listed = await _sandbox.Aws.Ssm.ListCommandInvocationsAsync(
            new ListCommandInvocationsRequest { CommandId = result.CommandId, Details = true }, TestTimeout.Token);
        CommandPlugin plugin = Assert.Single(Assert.Single(listed.CommandInvocations).CommandPlugins);
        Assert.Equal(3, plugin.ResponseCode);
        Assert.StartsWith("out 42\n\n----------ERROR-------\nerr é\n", plugin.Output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Output_is_cut_where_the_service_cuts_it()
    {
        GetCommandInvocationResponse result = await RunAsync("seq 1 100000; seq 1 100000 >&2");

        Assert.Equal("Success", result.Status);
        Assert.Equal(24_000, result.StandardOutputContent!.Length);
        Assert.EndsWith("truncated---", result.StandardOutputContent, StringComparison.Ordinal);
        Assert.Equal(8_000, result.StandardErrorContent!.Length);
    }

    [UnixFact]
    public async Task A_script_that_takes_too_long_is_ended()
    {
        string id = await SendAsync(request => request.Parameters["executionTimeout"] = ["60"], "echo began; cat /dev/zero > /dev/null");
        await WaitAsync(id, "InProgress");

        // The agent's own clock is the sandbox's.
        GetCommandInvocationResponse result = await WaitAsync(id, "TimedOut", () => _sandbox.Host.Clock.Advance(TimeSpan.FromSeconds(20)));

        Assert.Equal("ExecutionTimedOut", result.StatusDetails);
    }

    [UnixFact]
    public async Task A_script_is_ended_when_the_command_is_called_off()
    {
        string id = await SendAsync(null, "cat /dev/zero > /dev/null");
        await WaitAsync(id, "InProgress");

        await _sandbox.Aws.Ssm.CancelCommandAsync(new CancelCommandRequest { CommandId = id }, TestTimeout.Token);

        Assert.Equal("Cancelled", (await WaitAsync(id, "Cancelled")).StatusDetails);
    }

    [UnixFact]
    public async Task A_command_on_a_tag_is_for_the_nodes_that_have_it()
    {
        lock (_sandbox.Host.World.Gate)
        {
            _instance.Tags["Role"] = "web";
        }

        Assert.Equal(1, (await SendToTagAsync("web")).TargetCount);
        Command none = await SendToTagAsync("db");
        Assert.Equal((0, "NoInstancesInTag"), (none.TargetCount, none.StatusDetails));
    }

    [UnixFact]
    public async Task What_cannot_be_sent_is_refused_in_AWSs_words()
    {
        await RefusedAsync("InvalidInstanceId", request => request.InstanceIds = [_instance.Id, "i-0123456789abcdef0"]);
        await RefusedAsync("DuplicateInstanceId", request => request.InstanceIds = [_instance.Id, _instance.Id]);
        await RefusedAsync("InvalidDocument", request => request.DocumentName = "AWS-Nothing");
        await RefusedAsync("InvalidDocument", request => request.DocumentName = "SSM-SessionManagerRunShell");
        await RefusedAsync("InvalidParameters", request => request.Parameters.Clear());
        await RefusedAsync("InvalidParameters", request => request.Parameters["executionTimeout"] = ["soon"]);
        await RefusedAsync("ValidationException", request => request.MaxConcurrency = "0");
        await RefusedAsync("ValidationException", request => request.Targets = [new Target { Key = "tag:a", Values = { "b" } }]);
        await RefusedAsync("ValidationException", request => request.InstanceIds = [.. Enumerable.Repeat(_instance.Id, 51)]);
    }

    [UnixFact]
    public async Task An_invocation_is_not_there_until_its_turn_comes()
    {
        string first = await SendAsync(null, "true");

        AmazonServiceException refusal = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => _sandbox.Aws.Ssm.GetCommandInvocationAsync(
                new GetCommandInvocationRequest { CommandId = first, InstanceId = "i-0123456789abcdef0" }, TestTimeout.Token));

        Assert.Equal("InvocationDoesNotExist", refusal.ErrorCode);
    }

    private async Task RefusedAsync(string code, Action<SendCommandRequest> change)
    {
        AmazonServiceException refusal = await Assert.ThrowsAnyAsync<AmazonServiceException>(() => SendAsync(change, "true"));
        Assert.Equal(code, refusal.ErrorCode);
    }

    private async Task<Command> SendToTagAsync(string value)
    {
        SendCommandResponse response = await _sandbox.Aws.Ssm.SendCommandAsync(
            new SendCommandRequest
            {
                Targets = { new Target { Key = "tag:Role", Values = { value } } },
                DocumentName = "AWS-RunShellScript",
                Parameters = { ["commands"] = ["true"] },
            },
            TestTimeout.Token);
        return response.Command!;
    }

    private async Task<GetCommandInvocationResponse> RunAsync(params string[] lines) =>
        await WaitAsync(await SendAsync(null, lines), null);

    private async Task<string> SendAsync(Action<SendCommandRequest>? change, params string[] lines)
    {
        SendCommandRequest request = new()
        {
            InstanceIds = [_instance.Id],
            DocumentName = "AWS-RunShellScript",
            Parameters = { ["commands"] = [.. lines] },
        };
        change?.Invoke(request);
        return (await _sandbox.Aws.Ssm.SendCommandAsync(request, TestTimeout.Token)).Command!.CommandId!;
    }

    /// <summary>Asks until the node has that status, or where none is given until it is over.</summary>
    private async Task<GetCommandInvocationResponse> WaitAsync(string commandId, string? status, Action? meanwhile = null)
    {
        CancellationToken timeout = TestTimeout.Token;
        while (true)
        {
            GetCommandInvocationResponse result = await _sandbox.Aws.Ssm.GetCommandInvocationAsync(
                new GetCommandInvocationRequest { CommandId = commandId, InstanceId = _instance.Id }, timeout);
            if (status is null ? result.Status is not ("Pending" or "InProgress") : result.Status == status)
            {
                return result;
            }

            meanwhile?.Invoke();
        }
    }
}
