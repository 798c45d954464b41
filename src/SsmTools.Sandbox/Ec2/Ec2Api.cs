using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ec2;

/// <summary>EC2's operations.</summary>
internal static class Ec2Api
{
    public static OperationTable Create()
    {
        OperationTable table = new();
        AddInstances(table);
        AddNetwork(table);
        return table
            .Add("CreateTags", Ec2Tags.Create)
            .Add("DeleteTags", Ec2Tags.Delete)
            .Add("DescribeTags", Ec2Tags.Describe)
            .Add("DescribeImages", CatalogOperations.DescribeImages)
            .Add("DescribeInstanceTypes", CatalogOperations.DescribeInstanceTypes)
            .Add("DescribeInstanceTypeOfferings", CatalogOperations.DescribeInstanceTypeOfferings)
            .Add("DescribeAvailabilityZones", CatalogOperations.DescribeAvailabilityZones)
            .Add("DescribeRegions", CatalogOperations.DescribeRegions);
    }

    private static void AddInstances(OperationTable table)
    {
        table
            .AddRehearsing("RunInstances", new LaunchOperations().Run)
            .AddRehearsing("TerminateInstances", InstanceStateOperations.Terminate)
            .AddRehearsing("StopInstances", InstanceStateOperations.Stop)
            .AddRehearsing("StartInstances", InstanceStateOperations.Start)
            .AddRehearsing("RebootInstances", InstanceStateOperations.Reboot)
            .Add("DescribeInstances", InstanceListing.Describe)
            .Add("DescribeInstanceStatus", InstanceListing.DescribeStatus)
            .Add("GetConsoleOutput", InstanceListing.GetConsoleOutput)
            .Add("GetPasswordData", PasswordOperations.Get)
            .Add("CreateKeyPair", KeyPairOperations.Create)
            .Add("ImportKeyPair", KeyPairOperations.Import)
            .Add("DeleteKeyPair", KeyPairOperations.Delete)
            .Add("DescribeKeyPairs", KeyPairOperations.Describe)
            .Add("DescribeInstanceAttribute", InstanceAttributeOperations.Describe)
            .Add("ModifyInstanceAttribute", InstanceAttributeOperations.Modify)
            .Add("ModifyInstanceMetadataOptions", MetadataOptions.Modify)
            .Add("AssociateIamInstanceProfile", ProfileAssociationOperations.Associate)
            .Add("ReplaceIamInstanceProfileAssociation", ProfileAssociationOperations.Replace)
            .Add("DisassociateIamInstanceProfile", ProfileAssociationOperations.Disassociate)
            .Add("DescribeIamInstanceProfileAssociations", ProfileAssociationOperations.Describe)
            .Add("DescribeVolumes", StorageListing.DescribeVolumes)
            .Add("DescribeNetworkInterfaces", StorageListing.DescribeNetworkInterfaces);
    }

    private static void AddNetwork(OperationTable table)
    {
        table
            .Add("DescribeVpcs", NetworkListing.DescribeVpcs)
            .Add("DescribeVpcAttribute", NetworkListing.DescribeVpcAttribute)
            .Add("DescribeSubnets", NetworkListing.DescribeSubnets)
            .Add("DescribeRouteTables", NetworkListing.DescribeRouteTables)
            .Add("DescribeNetworkAcls", NetworkListing.DescribeNetworkAcls)
            .Add("CreateNetworkAclEntry", NetworkAclOperations.CreateEntry)
            .Add("DeleteNetworkAclEntry", NetworkAclOperations.DeleteEntry)
            .Add("DescribeInternetGateways", NetworkListing.DescribeInternetGateways)
            .Add("DescribeNatGateways", NetworkListing.DescribeNatGateways)
            .Add("CreateVpc", NetworkOperations.CreateVpc)
            .Add("ModifyVpcAttribute", NetworkOperations.ModifyVpcAttribute)
            .Add("DeleteVpc", NetworkOperations.DeleteVpc)
            .Add("CreateSubnet", NetworkOperations.CreateSubnet)
            .Add("ModifySubnetAttribute", NetworkOperations.ModifySubnetAttribute)
            .Add("DeleteSubnet", NetworkOperations.DeleteSubnet)
            .Add("CreateRouteTable", RouteOperations.CreateTable)
            .Add("DeleteRouteTable", RouteOperations.DeleteTable)
            .Add("AssociateRouteTable", RouteOperations.Associate)
            .Add("DisassociateRouteTable", RouteOperations.Disassociate)
            .Add("CreateRoute", RouteOperations.CreateRoute)
            .Add("DeleteRoute", RouteOperations.DeleteRoute)
            .Add("CreateInternetGateway", RouteOperations.CreateInternetGateway)
            .Add("AttachInternetGateway", RouteOperations.AttachInternetGateway)
            .Add("DetachInternetGateway", RouteOperations.DetachInternetGateway)
            .Add("DeleteInternetGateway", RouteOperations.DeleteInternetGateway)
            .Add("CreateSecurityGroup", SecurityGroupOperations.Create)
            .Add("DeleteSecurityGroup", SecurityGroupOperations.Delete)
            .Add("DescribeSecurityGroups", SecurityGroupOperations.Describe)
            .Add("DescribeSecurityGroupRules", SecurityGroupOperations.DescribeRules)
            .Add("AuthorizeSecurityGroupIngress", call => SecurityGroupOperations.Authorize(call, egress: false))
            .Add("AuthorizeSecurityGroupEgress", call => SecurityGroupOperations.Authorize(call, egress: true))
            .Add("RevokeSecurityGroupIngress", call => SecurityGroupOperations.Revoke(call, egress: false))
            .Add("RevokeSecurityGroupEgress", call => SecurityGroupOperations.Revoke(call, egress: true))
            .Add("DescribeVpcEndpoints", VpcEndpointOperations.Describe)
            .Add("DescribeVpcEndpointServices", VpcEndpointOperations.DescribeServices)
            .Add("CreateVpcEndpoint", VpcEndpointOperations.Create)
            .Add("ModifyVpcEndpoint", VpcEndpointOperations.Modify)
            .Add("DeleteVpcEndpoints", VpcEndpointOperations.Delete);
    }
}
