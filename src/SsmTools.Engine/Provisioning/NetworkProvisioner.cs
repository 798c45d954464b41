using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// Makes and removes the recipe's network: a VPC of isolated subnets without any way out, and the endpoints through which
/// its nodes reach Systems Manager all the same.
/// </summary>
/// <remarks>
/// The instances' group lets everything out, as the recipe's does. It is the routes that isolate: nothing leads out of the
/// VPC, so the rule reaches no further than the VPC, and tunnels through a node to a database beside it still open.
/// </remarks>
public sealed class NetworkProvisioner
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly NetworkReader _reader;

    /// <summary>Creates the provisioner.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public NetworkProvisioner(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _reader = new NetworkReader(context);
    }

    /// <summary>
    /// Compares what is there with what is wanted: what fits is kept, what is missing is added. The plan's warnings tell
    /// the price; its result waits until the endpoints serve.
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// NetworkNameInvalid, CidrInvalid, CidrTooSmall, ZoneCountInvalid, ServiceUnknown, TagInvalid; ZoneNotFound,
    /// ZoneWithoutService, ServiceNotOffered; NetworkConflict for a network that exists and does not fit;
    /// NetworkAmbiguous; or what the service refused.
    /// </exception>
    public async Task<Plan<SsmNetworkDescription>> PlanAsync(NetworkRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        NetworkRules.Check(request);
        IReadOnlyList<string> names = EndpointCatalog.Check([.. EndpointCatalog.Required, .. request.Services]);
        VpcChoice choice = await ChooseAsync(request, cancellationToken).ConfigureAwait(false);
        List<EndpointService> services = await _reader.ListServicesAsync(names, cancellationToken).ConfigureAwait(false);
        List<string> zones = await _reader.ListZonesAsync(cancellationToken).ConfigureAwait(false);
        NetworkSurvey there = choice.Kept is { } vpc
            ? await NetworkSurvey.OfAsync(_reader, vpc, cancellationToken).ConfigureAwait(false)
            : NetworkSurvey.None;
        IReadOnlyList<SubnetPart> subnets = SubnetLayout.Make(request, there, services, zones, _context.Region);

        NetworkPlanner planner = new(_context, _timeProvider, request, there, subnets);
        planner.Add(services, choice.Empty);
        return new Plan<SsmNetworkDescription>(planner.Changes, planner.ReadAsync)
        {
            Warnings = planner.Warnings,
            Awaited = "the endpoints to serve",
        };
    }

    /// <summary>
    /// Works out how to remove a network, in the order in which EC2 allows it. A network that is gone needs no changes.
    /// Of a VPC that SsmTools did not make, only what it added there is removed unless forced.
    /// </summary>
    /// <param name="nameOrVpcId">The network's name, or the id of its VPC.</param>
    /// <param name="force">Removes what SsmTools did not make, too; never instances.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// NetworkNameInvalid; NetworkInUse while instances or foreign interfaces live in it; NetworkNotManaged,
    /// NetworkIsDefault; or what the service refused.
    /// </exception>
    public Task<Plan<SsmNetworkDescription>> PlanRemovalAsync(
        string nameOrVpcId,
        bool force,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nameOrVpcId);
        if (!NetworkRules.IsVpcId(nameOrVpcId))
        {
            NetworkRules.CheckName(nameOrVpcId);
        }

        return new NetworkRemoval(_context, _timeProvider).PlanAsync(nameOrVpcId, force, cancellationToken);
    }

    private async Task<VpcChoice> ChooseAsync(NetworkRequest request, CancellationToken cancellationToken)
    {
        List<Vpc> found = await _reader.FindByNameAsync(request.Name, cancellationToken).ConfigureAwait(false);
        Vpc[] ours = [.. found.Where(vpc => NetworkReader.IsOurs(vpc.Tags))];
        if (ours.Length == 0 && found.Count > 0)
        {
            throw NetworkErrors.NameTaken(request.Name, found[0]);
        }

        VpcChoice choice = await VpcChoice.MakeAsync(_reader, ours, cancellationToken).ConfigureAwait(false);
        if (choice.Others.Count > 0)
        {
            throw NetworkErrors.Ambiguous(request.Name, ours);
        }

        return choice.Kept is { } kept && request.Cidr is { } cidr && kept.CidrBlock != cidr
            ? throw NetworkErrors.OtherCidr(request.Name, kept, cidr)
            : choice;
    }
}
