using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.InstanceConnect;

/// <summary>
/// EC2 Instance Connect's operations. A key that was sent is among the instance's metadata for a minute, at
/// <c>managed-ssh-keys/active-keys/user</c>, where the real instances' sshd looks for it.
/// </summary>
internal static class InstanceConnectApi
{
    public const string Service = "ec2-instance-connect";

    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(60);

    public static OperationTable Create() => new OperationTable().Add("SendSSHPublicKey", Send);

    private static JsonObject Send(ApiCall call)
    {
        string id = call.Required("InstanceId");
        InstanceRecord instance = call.World.Instances.GetValueOrDefault(id)
            ?? throw new ServiceError("EC2InstanceNotFoundException", $"Instance {id} was not found.");
        if (instance.State != InstanceState.Running)
        {
            throw new ServiceError("EC2InstanceStateInvalidException", "Instance is in an invalid state. Please start your instance.");
        }

        if (call.Text("AvailabilityZone") is { } zone && zone != instance.Subnet.Zone)
        {
            throw new ServiceError("EC2InstanceNotFoundException", $"Instance {id} was not found in {zone}.");
        }

        OpenSshPublicKey key = OpenSshPublicKey.TryParse(call.Required("SSHPublicKey"))
            ?? throw new ServiceError("InvalidArgsException", "Invalid SSH public key: RSA and ED25519 in OpenSSH format are supported.");
        instance.PushedKeys.RemoveAll(one => one.Until <= call.World.Now);
        instance.PushedKeys.Add(new PushedKey(
            call.Required("InstanceOSUser"), $"{key.Type} {key.Base64}", call.World.Now + s_lifetime));
        return new JsonObject { ["RequestId"] = call.RequestId, ["Success"] = true };
    }
}
