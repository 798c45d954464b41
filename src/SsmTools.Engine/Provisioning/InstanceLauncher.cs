using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>RunInstances, with what has to be known about it.</summary>
internal sealed class InstanceLauncher(AwsContext context, TimeProvider timeProvider)
{
    private const int MaxPredecessors = 64;

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_budget = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Launches the instance that holds a place among its like, or finds it where an earlier run did already.
    /// </summary>
    public async Task<Instance> LaunchPlaceAsync(RunInstancesRequest template, int place, CancellationToken cancellationToken)
    {
        for (int predecessors = 0; predecessors < MaxPredecessors; predecessors++)
        {
            template.ClientToken = LaunchToken.Derive(template, context.Region, place, predecessors);
            RunInstancesResponse? response = await ServiceCall.TryAsync(
                token => RunAsync(template, token),
                template.SubnetId,
                ["IdempotentInstanceTerminated"],
                cancellationToken).ConfigureAwait(false);

            // EC2 remembers a token for longer than the instance lived: a terminated one is a predecessor, no answer.
            if (response?.Instances.FirstOrDefault() is { } instance && !InstanceReader.IsGone(instance))
            {
                return instance;
            }
        }

        throw new EngineException(
            "TooManyPredecessors",
            ErrorKind.LimitsExceeded,
            $"{MaxPredecessors} instances of the same name and kind were launched and terminated in a day.",
            "Choose another name, or none.",
            template.SubnetId);
    }

    /// <summary>Launches with the token that is in the request.</summary>
    public async Task<List<Instance>> LaunchAsync(RunInstancesRequest request, CancellationToken cancellationToken)
    {
        RunInstancesResponse response = await ServiceCall.RunAsync(
            token => RunAsync(request, token), request.SubnetId, cancellationToken).ConfigureAwait(false);
        return response.Instances;
    }

    // EC2 does not see an instance profile, or the role in it, for some seconds after IAM made it. Nothing else that
    // InvalidParameterValue stands for gets better by waiting.
    private async Task<RunInstancesResponse> RunAsync(RunInstancesRequest request, CancellationToken cancellationToken)
    {
        Backoff backoff = new(timeProvider, s_first, s_longest, s_budget);
        while (true)
        {
            try
            {
                return await context.Ec2.RunInstancesAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsProfileNotVisible(exception))
            {
                if (!await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw new EngineException(
                        "InstanceProfileNotVisible",
                        ErrorKind.OperationTimeout,
                        $"EC2 has not seen the instance profile {Profile(request)} for"
                            + $" {(int)s_budget.TotalSeconds} seconds, though IAM has it.",
                        "Run the same line again.",
                        Profile(request),
                        exception);
                }
            }
        }
    }

    private static string? Profile(RunInstancesRequest request) =>
        request.IamInstanceProfile?.Name ?? request.IamInstanceProfile?.Arn;

    internal static bool IsProfileNotVisible(Exception exception) =>
        AwsErrors.HasCode(exception, "InvalidParameterValue")
        && (exception.Message.Contains("Invalid IAM Instance Profile", StringComparison.OrdinalIgnoreCase)
            || exception.Message.Contains("has no associated IAM Roles", StringComparison.OrdinalIgnoreCase));
}
