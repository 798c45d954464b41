using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Public parameters: the latest images.</summary>
internal static class ParameterOperations
{
    private const int Version = 97;

    public static JsonObject Get(ApiCall call)
    {
        return new JsonObject
        {
            ["Parameter"] = Find(call.World, call.Required("Name")) ?? throw new ServiceError("ParameterNotFound", ""),
        };
    }

    public static JsonObject GetMany(ApiCall call)
    {
        JsonArray found = [];
        JsonArray invalid = [];
        foreach (string name in call.Input.Texts("Names").Distinct())
        {
            if (Find(call.World, name) is JsonObject parameter)
            {
                found.Add(parameter);
            }
            else
            {
                invalid.Add(name);
            }
        }

        return new JsonObject { ["Parameters"] = found, ["InvalidParameters"] = invalid };
    }

    public static JsonObject GetByPath(ApiCall call)
    {
        string path = call.Required("Path").TrimEnd('/') + "/";
        if (!path.StartsWith('/'))
        {
            throw new ServiceError("ValidationException", "The parameter doesn't meet the parameter name requirements. "
                + "The parameter name must begin with a forward slash \"/\".");
        }

        bool recursive = call.Input.Flag("Recursive") == true;
        IEnumerable<(string Name, ImageRecord Image)> matches = call.World.Images
            .SelectMany(image => image.Parameters, (image, name) => (Name: name, Image: image))
            .Where(one => one.Name.StartsWith(path, StringComparison.Ordinal))
            .Where(one => recursive || !one.Name[path.Length..].Contains('/', StringComparison.Ordinal));
        (IReadOnlyList<(string Name, ImageRecord Image)> page, string? next) = Paging.Page(
            matches, one => one.Name, "GetParametersByPath", call.Input.Int("MaxResults") ?? 10, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject { ["Parameters"] = page.ToJson(one => Shape(call.World, one.Name, one.Image)), ["NextToken"] = next };
    }

    private static JsonObject? Find(SandboxWorld world, string name)
    {
        string prefix = $"arn:aws:ssm:{world.Region}::parameter";
        string plain = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        ImageRecord? image = world.Images.FirstOrDefault(one => one.Parameters.Contains(plain));
        return image is null ? null : Shape(world, plain, image);
    }

    private static JsonObject Shape(SandboxWorld world, string name, ImageRecord image)
    {
        return new JsonObject
        {
            ["Name"] = name,
            ["Type"] = "String",
            ["Value"] = image.ImageId,
            ["Version"] = Version,
            ["LastModifiedDate"] = image.Created,
            ["ARN"] = $"arn:aws:ssm:{world.Region}::parameter{name}",
            ["DataType"] = "text",
        };
    }
}
