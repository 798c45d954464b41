using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>The rules of network ACLs.</summary>
internal static class NetworkAclOperations
{
    private const int MaxEntries = 20;
    private const string Tcp = "6";
    private const string Udp = "17";

    public static JsonObject CreateEntry(ApiCall call)
    {
        NetworkAclRecord acl = Find(call);
        int number = Number(call);
        bool egress = Direction(call);
        if (acl.Entries.Exists(entry => entry.Egress == egress && entry.Number == number))
        {
            throw new ServiceError("NetworkAclEntryAlreadyExists", $"The network acl entry identified by {number} already exists.");
        }

        if (acl.Entries.Count(entry => entry.Egress == egress && entry.Number != NetworkAclEntry.Last) >= MaxEntries)
        {
            throw new ServiceError("NetworkAclEntryLimitExceeded", "The maximum number of network acl entries has been reached.");
        }

        acl.Entries.Add(Read(call, number, egress));
        return [];
    }

    public static JsonObject DeleteEntry(ApiCall call)
    {
        NetworkAclRecord acl = Find(call);
        int number = Number(call);
        bool egress = Direction(call);
        return acl.Entries.RemoveAll(entry => entry.Egress == egress && entry.Number == number) > 0 ? [] : throw new ServiceError(
            "InvalidNetworkAclEntry.NotFound", $"The specified network acl entry '{number}' does not exist");
    }

    private static NetworkAclEntry Read(ApiCall call, int number, bool egress)
    {
        string given = call.Text("CidrBlock") ?? throw Ec2Errors.Missing("cidrBlock");
        if (!Addresses.TryNetwork(given, AddressFamily.InterNetwork, out IPNetwork network))
        {
            throw Ec2Errors.InvalidValue(given, "cidrBlock", "This is not a valid CIDR block.");
        }

        string protocol = call.Required("Protocol") switch { "tcp" => Tcp, "udp" => Udp, "all" => "-1", string other => other };
        string action = call.Required("RuleAction");
        if (action is not ("allow" or "deny"))
        {
            throw Ec2Errors.InvalidValue(action, "ruleAction", "Invalid rule action.");
        }

        JsonObject? ports = call.Input["PortRange"] as JsonObject;
        if (protocol is not (Tcp or Udp))
        {
            return new NetworkAclEntry(number, egress, action == "allow", protocol, network.ToString());
        }

        return ports?.Int("From") is int from && ports.Int("To") is int to && from is >= 0 and <= 65535 && to is <= 65535 && from <= to
            ? new NetworkAclEntry(number, egress, action == "allow", protocol, network.ToString(), from, to)
            : throw Ec2Errors.Missing("portRange");
    }

    private static NetworkAclRecord Find(ApiCall call) =>
        Ec2Kind.NetworkAcl.Find(call.World.NetworkAcls, call.Required("NetworkAclId"));

    private static int Number(ApiCall call)
    {
        int number = call.Input.Int("RuleNumber") ?? 0;
        return number is >= 1 and < NetworkAclEntry.Last
            ? number
            : throw Ec2Errors.InvalidValue($"{number}", "ruleNumber", "Rule numbers are 1 to 32766.");
    }

    private static bool Direction(ApiCall call) => call.Input.Flag("Egress") == true;
}
