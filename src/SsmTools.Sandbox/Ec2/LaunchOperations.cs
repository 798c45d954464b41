using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>RunInstances.</summary>
internal sealed class LaunchOperations
{
    private const int LongestToken = 64;

    /// <summary>What was asked under each client token, and the reservation that it became.</summary>
    private readonly Dictionary<string, (string Request, string ReservationId)> _tokens = new(StringComparer.Ordinal);

    public JsonObject Run(ApiCall call)
    {
        string? token = call.Text("ClientToken");
        string fingerprint = Fingerprint(call.Input);
        if (token?.Length > LongestToken)
        {
            throw Ec2Errors.InvalidValue("The client token is limited to 64 characters.");
        }

        if (!string.IsNullOrEmpty(token) && _tokens.TryGetValue(token, out (string Request, string ReservationId) earlier))
        {
            return earlier.Request == fingerprint
                ? Answer(call.World, earlier.ReservationId)
                : throw new ServiceError(
                    "IdempotentParameterMismatch",
                    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");
        }

        LaunchRequest request = LaunchCheck.Read(call);
        LaunchSupply.Check(call.World, request);
        call.EndDryRun();
        string reservation = call.World.Ids.Ec2("r");
        string[] addresses = request.Network.Address is string given
            ? [given]
            : [.. Addresses.Free(call.World, request.Network.Subnet).Take(request.Count)];
        for (int i = 0; i < request.Count; i++)
        {
            Launch(call.World, request, reservation, i, addresses[i]);
        }

        if (!string.IsNullOrEmpty(token))
        {
            _tokens.Add(token, (fingerprint, reservation));
        }

        return Answer(call.World, reservation);
    }

    private static void Launch(SandboxWorld world, LaunchRequest request, string reservation, int index, string address)
    {
        string id = world.Ids.Ec2("i");
        LaunchNetwork network = request.Network;
        NetworkFactory make = new(world);
        NetworkInterfaceRecord card = make.Interface(network.Subnet, "", "interface", id, network.GroupIds, address);
        card.PublicIp = network.PublicIp ? make.PublicIp() : null;
        VolumeRecord volume = new()
        {
            Id = world.Ids.Ec2("vol"),
            Sequence = world.NextSequence(),
            Zone = network.Subnet.Zone,
            SizeGiB = request.Volume.SizeGiB,
            VolumeType = request.Volume.VolumeType,
            SnapshotId = request.Image.SnapshotId,
            Device = request.Image.RootDevice,
            Created = world.Now,
            Encrypted = request.Volume.Encrypted,
            DeleteOnTermination = request.Volume.DeleteOnTermination,
            InstanceId = id,
        };
        InstanceRecord instance = new()
        {
            Id = id,
            Sequence = world.NextSequence(),
            ReservationId = reservation,
            LaunchIndex = index,
            Image = request.Image,
            Type = request.Type,
            Subnet = network.Subnet,
            NetworkInterface = card,
            RootVolume = volume,
            LaunchTime = world.Now,
            Metadata = request.Metadata,
            ClientToken = request.ClientToken,
            KeyPair = request.KeyPair,
            UserData = request.UserData,
            TerminationProtected = request.TerminationProtected,
            Profile = request.Profile is { } profile ? profile with { AssociationId = world.Ids.Ec2("iip-assoc") } : null,
        };
        Ec2Tags.Set(instance, request.InstanceTags);
        Ec2Tags.Set(volume, request.VolumeTags);
        Ec2Tags.Set(card, request.InterfaceTags);
        world.Volumes.Add(volume.Id, volume);
        world.Instances.Add(id, instance);
        world.Lifecycle.Boot(instance);
    }

    private static JsonObject Answer(SandboxWorld world, string reservationId)
    {
        return InstanceShapes.Reservation(
            world, reservationId,
            world.Instances.Values.Where(one => one.ReservationId == reservationId).OrderBy(one => one.LaunchIndex));
    }

    private static string Fingerprint(JsonObject input)
    {
        JsonObject copy = input.DeepClone().AsObject();
        copy.Remove("DryRun");
        return copy.ToJsonString();
    }
}
