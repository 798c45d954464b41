using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Ssm;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Automation;

/// <summary>Makes a run of what StartAutomationExecution asks for, or says in AWS's words why there is none.</summary>
internal static class AutomationRequests
{
    private const string AssumeRole = "AutomationAssumeRole";

    /// <summary>The run that is asked for; not begun yet.</summary>
    public static AutomationRecord Create(SandboxWorld world, Principal caller, JsonObject request)
    {
        string name = (request.Text("DocumentName") ?? "").Split('/')[^1];
        if (!world.Documents.TryGetValue(name, out DocumentRecord? document) || document.DocumentType != "Automation")
        {
            throw AutomationErrors.NoDocument(name);
        }

        string? version = request.Text("DocumentVersion");
        DocumentVersion content = version is null or "$DEFAULT" or "$LATEST" || version == $"{document.DefaultVersion}"
            ? document.Default
            : throw AutomationErrors.NoVersion(name, version);
        JsonObject parameters = request.Part("Parameters").DeepClone().AsObject();
        IReadOnlyList<string>? targets = Targets(world, request, content.Content);
        string? targeted = request.Text("TargetParameterName");
        JsonObject complete = parameters.DeepClone().AsObject();
        if (targets is not null)
        {
            // Whatever a target is, it must be what the parameter takes; no target at all is no fault of the others.
            complete[targeted!] = (targets.Count > 0 ? targets.Take(1) : ["i-00000000"]).ToJson();
        }

        Dictionary<string, JsonNode> values = Resolve(content.Content, complete);
        return new AutomationRecord
        {
            Id = world.Ids.Uuid(),
            Sequence = world.NextSequence(),
            DocumentName = name,
            DocumentVersion = content.Number,
            Document = content.Content,
            Parameters = parameters,
            Request = request.DeepClone().AsObject(),
            Actor = Actor(world, caller, values.GetValueOrDefault(AssumeRole)?.ToString()),
            ExecutedBy = caller.Arn,
            Started = world.Now,
            Targets = targets,
        };
    }

    /// <summary>The part that one target has in a run.</summary>
    public static AutomationRecord Child(SandboxWorld world, AutomationRecord parent, string target)
    {
        JsonObject parameters = parent.Parameters.DeepClone().AsObject();
        parameters[parent.Request.Text("TargetParameterName")!] = new JsonArray(target);
        return new AutomationRecord
        {
            Id = world.Ids.Uuid(),
            Sequence = world.NextSequence(),
            DocumentName = parent.DocumentName,
            DocumentVersion = parent.DocumentVersion,
            Document = parent.Document,
            Parameters = parameters,
            Request = new JsonObject(),
            Actor = parent.Actor,
            ExecutedBy = parent.ExecutedBy,
            Started = world.Now,
            Parent = parent,
            Target = target,
        };
    }

    /// <summary>The value of every parameter.</summary>
    /// <exception cref="ServiceError">InvalidAutomationExecutionParametersException.</exception>
    public static Dictionary<string, JsonNode> Resolve(JsonObject document, JsonObject parameters)
    {
        try
        {
            return DocumentParameters.Resolve(document, parameters);
        }
        catch (ServiceError e)
        {
            throw AutomationErrors.BadParameters(e.Message);
        }
    }

    private static Principal Actor(SandboxWorld world, Principal caller, string? roleArn)
    {
        if (string.IsNullOrEmpty(roleArn))
        {
            return caller;
        }

        PolicyQuestion passes = new PolicyQuestion("iam:PassRole", roleArn).With("iam:PassedToService", "ssm.amazonaws.com");
        Authorizer.Check(world, caller, passes, WireProtocol.Json);
        RoleRecord? role = world.Roles.Values.FirstOrDefault(one => one.Arn == roleArn);
        return role is not null && PolicyDocument.Trusts(role.TrustPolicy, "ssm.amazonaws.com")
            ? RoleSession(world, role, "Automation")
            : throw AutomationErrors.BadParameters("The defined assume role is unable to be assumed.");
    }

    /// <summary>Who a service is that has taken a role.</summary>
    public static Principal RoleSession(SandboxWorld world, RoleRecord role, string session) => new()
    {
        Arn = $"arn:aws:sts::{world.AccountId}:assumed-role/{role.Name}/{session}",
        UserId = $"{role.Id}:{session}",
        Name = session,
        RoleName = role.Name,
        RoleId = role.Id,
    };

    private static IReadOnlyList<string>? Targets(SandboxWorld world, JsonObject request, JsonObject document)
    {
        JsonObject[] targets = [.. request.Parts("Targets")];
        string? parameter = request.Text("TargetParameterName");
        if (targets.Length == 0)
        {
            return parameter is null
                ? null
                : throw AutomationErrors.BadParameters("TargetParameterName is given, but there are no Targets.");
        }

        if (parameter is null)
        {
            throw AutomationErrors.BadParameters("Targets need a TargetParameterName.");
        }

        if (document["parameters"]?[parameter] is null)
        {
            throw AutomationErrors.BadParameters($"Parameter \"{parameter}\" is not defined in the document");
        }

        if (request.Part("Parameters").ContainsKey(parameter))
        {
            throw AutomationErrors.BadParameters($"Parameter \"{parameter}\" cannot be given and be the target parameter.");
        }

        return targets is [JsonObject target]
            ? [.. Values(world, target.Text("Key") ?? "", target.Texts("Values")).Distinct(StringComparer.Ordinal)]
            : throw AutomationErrors.BadParameters("Only one resource group or tag can be specified at a time");
    }

    private static IEnumerable<string> Values(SandboxWorld world, string key, IReadOnlyList<string> values)
    {
        return key switch
        {
            "ParameterValues" => values,
            "tag-key" => Tagged(instance => values.Any(instance.Tags.ContainsKey)),
            _ when key.StartsWith("tag:", StringComparison.Ordinal) => Tagged(instance =>
                instance.Tags.TryGetValue(key[4..], out string? value) && values.Contains(value)),
            _ => throw new ServiceError("InvalidTarget", $"The target {key} isn't valid."),
        };

        IEnumerable<string> Tagged(Func<InstanceRecord, bool> fits) => world.Instances.Values
            .Where(instance => instance.State is not (InstanceState.ShuttingDown or InstanceState.Terminated))
            .Where(fits)
            .OrderBy(instance => instance.Sequence)
            .Select(instance => instance.Id);
    }
}
