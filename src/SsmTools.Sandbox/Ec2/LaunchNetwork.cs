using System.Net;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Where an instance is to stand: given on the call itself, or on its one network interface.</summary>
internal sealed record LaunchNetwork(SubnetRecord Subnet, IReadOnlyList<string> GroupIds, string? Address, bool PublicIp)
{
    public static LaunchNetwork Read(ApiCall call, int count)
    {
        JsonObject[] cards = [.. call.Input.Parts("NetworkInterfaces")];
        if (cards.Length > 1)
        {
            throw Ec2Errors.Unsupported("more than one network interface");
        }

        bool onCall = call.Text("SubnetId") is not null || call.Input.Texts("SecurityGroupIds").Count > 0;
        if (cards.Length == 1 && onCall)
        {
            throw Ec2Errors.Combination("Network interfaces and an instance-level subnet ID may not be specified on the same request");
        }

        JsonObject from = cards.Length == 1 ? cards[0] : call.Input;
        if (call.Input.Texts("SecurityGroups").Count > 0)
        {
            throw Ec2Errors.Combination("The parameter groupName cannot be used with the parameter subnet");
        }

        string subnetId = from.Text("SubnetId")
            ?? throw new ServiceError(
                "VPCIdNotSpecified", "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.");
        SubnetRecord subnet = Ec2Kind.Subnet.Find(call.World.Subnets, subnetId);
        LaunchNetwork network = new(
            subnet, Groups(call.World, subnet, from.Texts(cards.Length == 1 ? "Groups" : "SecurityGroupIds")), from.Text("PrivateIpAddress"),
            from.Flag("AssociatePublicIpAddress") ?? subnet.MapPublicIp);
        network.CheckAddresses(call.World, count);
        return network;
    }

    private static IReadOnlyList<string> Groups(SandboxWorld world, SubnetRecord subnet, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
        {
            return [world.SecurityGroups.Values.First(group => group.Vpc == subnet.Vpc && group.Name == "default").Id];
        }

        foreach (string id in ids)
        {
            SecurityGroupRecord group = Ec2Kind.SecurityGroup.Find(world.SecurityGroups, id);
            if (group.Vpc != subnet.Vpc)
            {
                throw new ServiceError("InvalidParameter", $"Security group {id} and subnet {subnet.Id} belong to different networks.");
            }
        }

        return [.. ids.Distinct()];
    }

    private void CheckAddresses(SandboxWorld world, int count)
    {
        HashSet<string> taken = world.Interfaces.Values.Where(card => card.Subnet == Subnet).Select(card => card.PrivateIp).ToHashSet();
        if (count > Addresses.Size(Subnet.Cidr) - 5 - taken.Count)
        {
            throw new ServiceError(
                "InsufficientFreeAddressesInSubnet",
                $"There are not enough free addresses in subnet '{Subnet.Id}' to satisfy the requested number of instances.");
        }

        if (Address is null)
        {
            return;
        }

        if (count > 1)
        {
            throw Ec2Errors.Combination("A private IP address cannot be given for more than one instance.");
        }

        if (!IPAddress.TryParse(Address, out _) || !Addresses.Contains(Subnet.Cidr, Address))
        {
            throw Ec2Errors.InvalidValue("Address does not fall within the subnet's address range");
        }

        if (taken.Contains(Address))
        {
            throw new ServiceError("InvalidIPAddress.InUse", $"Address {Address} is in use.");
        }
    }
}
