using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ec2;

public sealed class VpcEndpointTests
{
    private const string Kms = "com.amazonaws.eu-west-1.kms";

    private readonly SandboxAccount _account = new(new WorldOptions
    {
        Seed = 1,
        EndpointDelay = TimeSpan.FromMinutes(1),
        VpcLimit = 2,
        EndpointLimit = 5,
        ServiceGaps = [("kms", "eu-west-1b")],
    });

    [Fact]
    public void An_endpoint_is_pending_then_available_then_deleting_then_gone_and_holds_its_subnet_till_then()
    {
        string subnet = Subnet("eu-west-1c");
        string id = Create(subnet).Ok().Value("vpcEndpointId");
        Assert.Equal("pending", State(id));
        _account.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("available", State(id));

        Call("DeleteVpcEndpoints", "VpcEndpointId.1", id).Ok();
        Assert.Equal("deleting", State(id));
        Call("DeleteSubnet", "SubnetId", subnet).Refused("DependencyViolation");
        _account.Clock.Advance(TimeSpan.FromMinutes(1));
        Call("DescribeVpcEndpoints", "VpcEndpointId.1", id).Refused("InvalidVpcEndpointId.NotFound");
        Call("DeleteSubnet", "SubnetId", subnet).Ok();
    }

    [Fact]
    public void The_same_request_under_the_same_token_makes_one()
    {
        string first = Create(_account.Isolated, "ClientToken", "once").Ok().Value("vpcEndpointId");
        Assert.Equal(first, Create(_account.Isolated, "ClientToken", "once").Ok().Value("vpcEndpointId"));
        Create(_account.Isolated, "ClientToken", "once", "PrivateDnsEnabled", "false").Refused("IdempotentParameterMismatch");
        Create(_account.Isolated, "ClientToken", "twice").Refused("InvalidParameter");

        string[] table = ["VpcId", _account.World.Seed.Vpc.Id, "ClientToken", "once"];
        Assert.Equal(
            Call("CreateRouteTable", table).Ok().Value("routeTableId"), Call("CreateRouteTable", table).Ok().Value("routeTableId"));
    }

    [Fact]
    public void Subnets_come_and_go_with_their_interfaces_one_of_each_zone()
    {
        string id = Create(_account.Isolated).Ok().Value("vpcEndpointId");
        VpcEndpointRecord endpoint = _account.World.Endpoints[id];
        Modify("AddSubnetId.1", _account.World.Seed.Private[0].Id).Refused("DuplicateSubnetsInSameZone");
        Modify("AddSubnetId.1", _account.World.Seed.Isolated[1].Id).Refused("InvalidParameter");
        string other = Subnet("eu-west-1c");
        Modify("AddSubnetId.1", other, "AddSecurityGroupId.1", _account.World.Seed.EndpointGroup.Id).Ok();
        Assert.Equal([_account.Isolated, other], endpoint.InterfaceIds.Select(card => _account.World.Interfaces[card].Subnet.Id));
        Assert.All(endpoint.InterfaceIds, card => Assert.Contains(_account.World.Seed.EndpointGroup.Id, _account.World.Interfaces[card].GroupIds));
        Modify("RemoveSubnetId.1", other).Ok();
        Assert.Equal([_account.Isolated], endpoint.InterfaceIds.Select(card => _account.World.Interfaces[card].Subnet.Id));

        ApiReply Modify(params string[] change) => Call("ModifyVpcEndpoint", ["VpcEndpointId", id, .. change]);
    }

    [Fact]
    public void Quotas_and_zones_without_the_service_are_refused()
    {
        Call("CreateVpc", "CidrBlock", "10.20.0.0/23").Ok();
        Call("CreateVpc", "CidrBlock", "10.30.0.0/23").Refused("VpcLimitExceeded");
        Create(_account.World.Seed.Isolated[1].Id).Refused("InvalidParameter");
        Create(_account.Isolated).Ok();
        Create(_account.Isolated, "PrivateDnsEnabled", "false").Ok();
        Create(_account.Isolated, "PrivateDnsEnabled", "false").Refused("VpcEndpointLimitExceeded");
    }

    private ApiReply Create(string subnet, params string[] more) => Call(
        "CreateVpcEndpoint",
        ["VpcId", _account.World.Seed.Vpc.Id, "ServiceName", Kms, "VpcEndpointType", "Interface", "SubnetId.1", subnet, .. more]);

    private string Subnet(string zone) => Call(
        "CreateSubnet", "VpcId", _account.World.Seed.Vpc.Id, "CidrBlock", "10.10.20.0/24", "AvailabilityZone", zone).Ok().Value("subnetId");

    private string State(string id) => Call("DescribeVpcEndpoints", "VpcEndpointId.1", id).Ok().Value("state");

    private ApiReply Call(string action, params string[] parameters) => _account.Query("ec2", action, parameters);
}
