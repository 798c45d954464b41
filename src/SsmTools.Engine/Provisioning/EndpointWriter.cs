using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>The calls that make and change endpoints, each safe to repeat, with what has to be known about them.</summary>
internal sealed class EndpointWriter(AwsContext context, TimeProvider timeProvider)
{
    private const int MaxPredecessors = 16;

    /// <summary>An endpoint is pending for one or two minutes after it was made or changed.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    private readonly NetworkReader _reader = new(context);

    /// <summary>Makes an endpoint, or finds it where an earlier run did already.</summary>
    /// <param name="request">What is wanted; the client token is filled in.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    public async Task<string> CreateAsync(CreateVpcEndpointRequest request, CancellationToken cancellationToken)
    {
        Backoff backoff = NewBackoff();
        int predecessors = 0;
        while (true)
        {
            request.ClientToken = Token(request, predecessors);
            VpcEndpoint? endpoint = null;
            try
            {
                endpoint = (await Eventually.RunAsync(
                    token => context.Ec2.CreateVpcEndpointAsync(request, token),
                    NetworkWriter.Unseen,
                    timeProvider,
                    cancellationToken).ConfigureAwait(false)).VpcEndpoint;
            }
            catch (Exception exception) when (IsTaken(exception))
            {
                // By one that the list did not show when the plan was made: a run that was killed, or one on its way out.
                endpoint = await FindAsync(request, cancellationToken).ConfigureAwait(false);
                if (endpoint is null && !await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw ServiceCall.Outward(exception, request.VpcId, cancellationToken);
                }
            }
            catch (Exception exception) when (exception is not EngineException)
            {
                throw ServiceCall.Outward(exception, request.VpcId, cancellationToken);
            }

            // EC2 remembers a token for longer than the endpoint lived, and what it answered then.
            if (endpoint is not null && NetworkReader.IsAlive(endpoint)
                && await IsListedAsync(endpoint.VpcEndpointId!, cancellationToken).ConfigureAwait(false))
            {
                return endpoint.VpcEndpointId!;
            }

            predecessors = endpoint is null ? predecessors : predecessors + 1;
            if (predecessors >= MaxPredecessors)
            {
                throw NetworkErrors.EndpointFailed(endpoint!);
            }
        }
    }

    /// <summary>Changes an endpoint; one that still settles from an earlier change is awaited first.</summary>
    public Task ModifyAsync(ModifyVpcEndpointRequest request, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        token => Eventually.RunAsync(
            inner => context.Ec2.ModifyVpcEndpointAsync(request, inner),
            ["IncorrectState", .. NetworkWriter.Unseen],
            timeProvider,
            token),
        request.VpcEndpointId,
        cancellationToken);

    /// <summary>Lets ranges in on 443; those that are let in already are left.</summary>
    public Task AdmitAsync(string groupId, string cidr, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => Eventually.RunAsync(
            inner => context.Ec2.AuthorizeSecurityGroupIngressAsync(
                new AuthorizeSecurityGroupIngressRequest
                {
                    GroupId = groupId,
                    IpPermissions = [SecurityRuleSet.HttpsFor(cidr)],
                },
                inner),
            NetworkWriter.Unseen,
            timeProvider,
            token),
        groupId,
        ["InvalidPermission.Duplicate"],
        cancellationToken);

    /// <summary>Waits until endpoints serve.</summary>
    /// <exception cref="EngineException">EndpointFailed, EndpointPending.</exception>
    public async Task<List<VpcEndpoint>> WaitAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        Backoff backoff = NewBackoff();
        while (ids.Count > 0)
        {
            List<VpcEndpoint> found = await _reader.FindEndpointsAsync(ids, cancellationToken).ConfigureAwait(false);
            if (found.Find(endpoint => !NetworkReader.IsAlive(endpoint)) is { } failed)
            {
                throw NetworkErrors.EndpointFailed(failed);
            }

            List<VpcEndpoint> ready = found.FindAll(endpoint => NetworkReader.Is(endpoint, State.Available));
            if (ready.Count == ids.Count)
            {
                return [.. ready.OrderBy(endpoint => endpoint.ServiceName, StringComparer.Ordinal)];
            }

            if (!await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
            {
                string late = ids.First(id => !ready.Exists(endpoint => endpoint.VpcEndpointId == id));
                throw NetworkErrors.EndpointPending(late, s_budget);
            }
        }

        return [];
    }

    /// <summary>Deletes endpoints and waits until their interfaces are gone.</summary>
    public async Task DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        DeleteVpcEndpointsResponse response = await ServiceCall.RunAsync(
            token => context.Ec2.DeleteVpcEndpointsAsync(new DeleteVpcEndpointsRequest { VpcEndpointIds = [.. ids] }, token),
            ids[0],
            cancellationToken).ConfigureAwait(false);
        if (response.Unsuccessful.Find(item => item.Error?.Code != "InvalidVpcEndpointId.NotFound") is { } refused)
        {
            throw NetworkErrors.EndpointNotDeleted(refused);
        }

        Backoff backoff = NewBackoff();
        while (true)
        {
            List<VpcEndpoint> left = await _reader.FindEndpointsAsync(ids, cancellationToken).ConfigureAwait(false);
            left.RemoveAll(endpoint => NetworkReader.Is(endpoint, State.Deleted));
            if (left.Count == 0)
            {
                return;
            }

            if (!await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
            {
                throw NetworkErrors.EndpointPending(left[0].VpcEndpointId!, s_budget);
            }
        }
    }

    private static bool IsTaken(Exception exception) =>
        AwsErrors.HasCode(exception, "RouteAlreadyExists")
        || (AwsErrors.HasCode(exception, "InvalidParameter")
            && exception.Message.Contains("conflicting DNS domain", StringComparison.OrdinalIgnoreCase));

    private static string Token(CreateVpcEndpointRequest request, int predecessors) => CallToken.Derive(
        request.VpcId,
        request.ServiceName,
        request.VpcEndpointType,
        request.PrivateDnsEnabled?.ToString(),
        string.Join(',', request.SubnetIds),
        string.Join(',', request.SecurityGroupIds),
        string.Join(',', request.RouteTableIds),
        string.Join(';', request.TagSpecifications.SelectMany(all => all.Tags).Select(tag => $"{tag.Key}={tag.Value}")),
        predecessors.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private async Task<VpcEndpoint?> FindAsync(CreateVpcEndpointRequest request, CancellationToken cancellationToken)
    {
        List<VpcEndpoint> all = await _reader.ListEndpointsAsync(request.VpcId!, cancellationToken).ConfigureAwait(false);
        return all.Find(endpoint => endpoint.ServiceName == request.ServiceName
            && endpoint.VpcEndpointType == request.VpcEndpointType && NetworkReader.IsAlive(endpoint));
    }

    private async Task<bool> IsListedAsync(string id, CancellationToken cancellationToken)
    {
        Backoff backoff = new(
            timeProvider, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        while ((await _reader.FindEndpointsAsync([id], cancellationToken).ConfigureAwait(false)).Count == 0)
        {
            if (!await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private Backoff NewBackoff() => new(timeProvider, TimeSpan.FromSeconds(1), s_longest, s_budget);
}
