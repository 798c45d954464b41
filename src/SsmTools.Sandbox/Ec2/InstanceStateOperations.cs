using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Ending, stopping, starting and rebooting instances: all that are named, or none.</summary>
internal static class InstanceStateOperations
{
    public static JsonObject Terminate(ApiCall call)
    {
        return Change(call, "TerminatingInstances", Permit, instance =>
        {
            if (instance.State is not (InstanceState.ShuttingDown or InstanceState.Terminated))
            {
                call.World.Lifecycle.Terminate(instance, Reason(call));
            }
        });

        static void Permit(InstanceRecord instance)
        {
            if (instance.TerminationProtected && instance.State is not (InstanceState.ShuttingDown or InstanceState.Terminated))
            {
                throw new ServiceError(
                    "OperationNotPermitted",
                    $"The instance '{instance.Id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.");
            }
        }
    }

    public static JsonObject Stop(ApiCall call)
    {
        return Change(call, "StoppingInstances", Permit, instance =>
        {
            if (instance.State == InstanceState.Running)
            {
                call.World.Lifecycle.Stop(instance, Reason(call));
            }
        });

        static void Permit(InstanceRecord instance)
        {
            if (instance.State is not (InstanceState.Running or InstanceState.Stopping or InstanceState.Stopped))
            {
                throw WrongState($"The instance '{instance.Id}' is not in a state from which it can be stopped.");
            }
        }
    }

    public static JsonObject Start(ApiCall call)
    {
        return Change(call, "StartingInstances", Permit, instance =>
        {
            if (instance.State == InstanceState.Stopped)
            {
                instance.LaunchTime = call.World.Now;
                call.World.Lifecycle.Boot(instance);
            }
        });

        static void Permit(InstanceRecord instance)
        {
            if (instance.State is not (InstanceState.Stopped or InstanceState.Running or InstanceState.Pending))
            {
                throw WrongState($"The instance '{instance.Id}' is not in a state from which it can be started.");
            }
        }
    }

    public static JsonObject Reboot(ApiCall call)
    {
        Change(call, "", Permit, call.World.Lifecycle.Reboot);
        return [];

        static void Permit(InstanceRecord instance)
        {
            if (instance.State != InstanceState.Running)
            {
                throw WrongState($"The instance '{instance.Id}' is not in a state from which it can be rebooted.");
            }
        }
    }

    private static ServiceError WrongState(string message) => new("IncorrectInstanceState", message);

    private static string Reason(ApiCall call)
    {
        string time = call.World.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return $"User initiated ({time} GMT)";
    }

    private static JsonObject Change(ApiCall call, string member, Action<InstanceRecord> permit, Action<InstanceRecord> change)
    {
        List<InstanceRecord> instances =
        [
            .. call.Input.Texts("InstanceIds").Distinct().Select(id => Ec2Kind.Instance.Find(call.World.Instances, id)),
        ];
        instances.ForEach(permit);
        call.EndDryRun();
        JsonArray changes = [];
        foreach (InstanceRecord instance in instances)
        {
            InstanceState before = instance.State;
            change(instance);
            changes.Add(InstanceShapes.Change(instance, before));
        }

        return new JsonObject { [member] = changes };
    }
}
