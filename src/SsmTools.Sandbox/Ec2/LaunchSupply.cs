using System.Globalization;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Refuses a launch for want of machines, or of a right to more of them.</summary>
internal static class LaunchSupply
{
    public static void Check(SandboxWorld world, LaunchRequest request)
    {
        LaunchLimits limits = world.Limits;
        string type = request.Type.Name;
        string zone = request.Network.Subnet.Zone;
        if (limits.NotOffered.Contains((type, zone)))
        {
            string others = string.Join(", ", world.Zones.Where(other => !limits.NotOffered.Contains((type, other))));
            throw new ServiceError(
                "Unsupported",
                $"Your requested instance type ({type}) is not supported in your requested Availability Zone ({zone}). "
                    + $"Please retry your request by not specifying an Availability Zone or choosing {others}.");
        }

        InstanceRecord[] running =
            [.. world.Instances.Values.Where(one => one.State is InstanceState.Pending or InstanceState.Running)];
        if (running.Length + request.Count > limits.Instances)
        {
            throw new ServiceError(
                "InstanceLimitExceeded",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"You have requested more instances ({running.Length + request.Count}) than your current instance limit of {limits.Instances} "
                        + $"allows for the specified instance type."));
        }

        if (running.Sum(one => one.Type.Cpus) + (request.Count * request.Type.Cpus) > limits.Cpus)
        {
            throw new ServiceError(
                "VcpuLimitExceeded",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"You have requested more vCPU capacity than your current vCPU limit of {limits.Cpus} allows for the instance bucket that the "
                        + $"specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an "
                        + $"adjustment to this limit."));
        }

        if (limits.Exhausted.Contains((type, zone)))
        {
            throw new ServiceError(
                "InsufficientInstanceCapacity",
                $"We currently do not have sufficient {type} capacity in the Availability Zone you requested ({zone}). Our system will be working on "
                    + "provisioning additional capacity.",
                500);
        }
    }
}
