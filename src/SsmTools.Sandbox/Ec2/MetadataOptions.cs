using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>How an instance's metadata can be read: at launch, and changed later.</summary>
internal static class MetadataOptions
{
    /// <summary>What a call's options make of the settings there are.</summary>
    public static MetadataSettings Read(JsonObject options, MetadataSettings from)
    {
        int hops = options.Int("HttpPutResponseHopLimit") ?? from.HopLimit;
        if (hops is < 1 or > 64)
        {
            throw Ec2Errors.InvalidValue(
                $"{hops}", "HttpPutResponseHopLimit", "Specify a value between 1 and 64.");
        }

        return new MetadataSettings
        {
            Enabled = Choice("HttpEndpoint", "enabled", "disabled") ?? from.Enabled,
            TokenRequired = Choice("HttpTokens", "required", "optional") ?? from.TokenRequired,
            HopLimit = hops,
            TagsEnabled = Choice("InstanceMetadataTags", "enabled", "disabled") ?? from.TagsEnabled,
        };

        bool? Choice(string name, string yes, string no) => options.Text(name) switch
        {
            null => null,
            string value when value == yes => true,
            string value when value == no => false,
            string value => throw Ec2Errors.InvalidValue(value, name, $"Valid values are: {yes}, {no}."),
        };
    }

    public static JsonObject Modify(ApiCall call)
    {
        InstanceRecord instance = Ec2Kind.Instance.Find(call.World.Instances, call.Required("InstanceId"));
        if (instance.State is not (InstanceState.Pending or InstanceState.Running or InstanceState.Stopped or InstanceState.Stopping))
        {
            throw new ServiceError("IncorrectInstanceState", $"The instance '{instance.Id}' is not in the 'running' or 'stopped' states.");
        }

        instance.Metadata = Read(call.Input, instance.Metadata);
        return new JsonObject
        {
            ["InstanceId"] = instance.Id,
            ["InstanceMetadataOptions"] = InstanceShapes.Metadata(instance.Metadata, "pending"),
        };
    }
}
