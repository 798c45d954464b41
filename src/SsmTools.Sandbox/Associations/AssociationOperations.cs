using System.Text.Json.Nodes;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Ssm;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Associations;

/// <summary>State Manager: making, changing, starting and deleting associations.</summary>
internal sealed class AssociationOperations(ICommandDispatcher dispatcher)
{
    private static readonly string[] s_changeable =
    [
        "Name", "DocumentVersion", "Parameters", "Targets", "ScheduleExpression", "OutputLocation", "AssociationName", "MaxErrors",
        "MaxConcurrency", "ComplianceSeverity", "SyncCompliance", "ApplyOnlyAtCronInterval", "ScheduleOffset",
    ];

    private readonly AssociationRunner _runner = new(dispatcher);

    public JsonObject Create(ApiCall call)
    {
        AssociationRecord record;
        lock (call.World.Gate)
        {
            JsonObject request = Keep(call.Input, ["InstanceId"]);
            Check(call.World, request);
            string name = request.Text("Name")!;
            if (request.Text("InstanceId") is { } node && call.World.Associations.Records.Values.Any(
                one => one.Request.Text("Name") == name && one.Request.Text("InstanceId") == node))
            {
                throw new ServiceError("AssociationAlreadyExists", "The specified association already exists.");
            }

            record = new AssociationRecord
            {
                Id = call.World.Ids.Uuid(),
                Sequence = call.World.NextSequence(),
                Created = call.World.Now,
                Updated = call.World.Now,
                Request = request,
            };
            foreach ((string key, string value) in call.Input.Tags("Tags"))
            {
                record.Tags[key] = value;
            }

            call.World.Associations.Records.Add(record.Id, record);
        }

        return Started(call.World, record);
    }

    /// <summary>What is not given is taken away, as the service does; the document stays where none is named.</summary>
    public JsonObject Update(ApiCall call)
    {
        AssociationRecord record;
        lock (call.World.Gate)
        {
            record = Find(call.World, call.Required("AssociationId"));
            JsonObject request = Keep(call.Input, []);
            foreach (string kept in new[] { "Name", "Targets", "AssociationName", "InstanceId" })
            {
                if (request[kept] is null && record.Request[kept] is { } value)
                {
                    request[kept] = value.DeepClone();
                }
            }

            Check(call.World, request);
            record.Request = request;
            record.Version++;
            record.Updated = call.World.Now;
        }

        return Started(call.World, record);
    }

    public JsonObject StartOnce(ApiCall call)
    {
        AssociationRecord[] records;
        lock (call.World.Gate)
        {
            records = [.. call.Input.Texts("AssociationIds").Select(id => Find(call.World, id))];
        }

        foreach (AssociationRecord record in records)
        {
            _runner.Run(record);
        }

        return [];
    }

    public static JsonObject Delete(ApiCall call)
    {
        AssociationRecord record = AssociationListing.Find(call);
        record.IsGone = true;
        record.Timer?.Dispose();
        call.World.Associations.Records.Remove(record.Id);
        return [];
    }

    /// <summary>An association by its id.</summary>
    /// <exception cref="ServiceError">AssociationDoesNotExist.</exception>
    public static AssociationRecord Find(SandboxWorld world, string id) =>
        world.Associations.Records.GetValueOrDefault(id) ?? throw Missing();

    public static ServiceError Missing() => new("AssociationDoesNotExist", "The specified association doesn't exist.");

    private static JsonObject Keep(JsonObject input, string[] more) => new(s_changeable.Concat(more)
        .Where(name => input[name] is not null)
        .Select(name => KeyValuePair.Create(name, (JsonNode?)input[name]!.DeepClone())));

    private static void Check(SandboxWorld world, JsonObject request)
    {
        DocumentRecord document = DocumentOperations.Find(world, request.Text("Name") ?? "");
        if (document.DocumentType != "Command")
        {
            throw new ServiceError("InvalidDocument", $"Document {document.Name} is of type {document.DocumentType}, not Command.");
        }

        _ = DocumentParameters.Resolve(document.Default.Content, request.Part("Parameters"));
        AssociationTargets.Check(request);
        _ = RateExpression.Read(request.Text("ScheduleExpression"));
        if (request.Text("InstanceId") is { } id)
        {
            NodeRecord node = world.FindNode(id) ?? throw new ServiceError("InvalidInstanceId", $"Instance id {id} is not valid.");
            if (!CommandTargets.Fits(node, document))
            {
                throw new ServiceError("UnsupportedPlatformType", "The document doesn't support the platform type of the given managed node ID(s).");
            }
        }
    }

    private JsonObject Started(SandboxWorld world, AssociationRecord record)
    {
        _runner.Take(world, record);
        lock (world.Gate)
        {
            return new JsonObject { ["AssociationDescription"] = AssociationListing.Description(record) };
        }
    }
}
