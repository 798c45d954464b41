using SsmTools.Engine.Aws.Ssm;

namespace SsmTools.Engine.HostManagement;

/// <summary>
/// One thing that is done on hosts again and again: a document of AWS's with its parameters and its rate.
/// </summary>
/// <remarks>
/// Source of documents and rates: the Systems Manager user guide, "Set up Amazon EC2 host management using Quick Setup".
/// </remarks>
/// <param name="Name">What users call it.</param>
/// <param name="Document">The document.</param>
/// <param name="Schedule">When it runs.</param>
/// <param name="What">What it does, in words that follow "to".</param>
/// <param name="Parameters">The document's parameters.</param>
internal sealed record HostTask(
    string Name, string Document, string Schedule, string What, IReadOnlyDictionary<string, List<string>> Parameters)
{
    /// <summary>Every task by name, in the order in which they are made; of the last one the parameters are a user's.</summary>
    public static IReadOnlyList<HostTask> All { get; } =
    [
        new("AgentUpdate", "AWS-UpdateSSMAgent", "rate(14 days)", "update the agent", Of()),
        new(
            "Inventory", "AWS-GatherSoftwareInventory", "rate(30 minutes)", "collect the inventory",
            Of(
                ("applications", "Enabled"), ("awsComponents", "Enabled"), ("customInventory", "Enabled"),
                ("instanceDetailedInformation", "Enabled"), ("networkConfig", "Enabled"), ("services", "Enabled"),
                ("windowsRoles", "Enabled"), ("windowsUpdates", "Enabled"))),
        new("PatchScan", "AWS-RunPatchBaseline", "rate(1 day)", "scan for missing patches", Of(("Operation", "Scan"))),
        new(
            "CloudWatchAgent", "AWS-ConfigureAWSPackage", "rate(30 days)", "install and update the CloudWatch agent",
            Of(("action", "Install"), ("installationType", "In-place update"), ("name", "AmazonCloudWatchAgent"))),
        new("CloudWatchConfig", "AmazonCloudWatch-ManageAgent", "rate(30 days)", "configure and start the CloudWatch agent", Of()),
    ];

    /// <summary>The task of a name; null where there is none.</summary>
    public static HostTask? Find(string name) =>
        All.FirstOrDefault(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The task that an association does, by what it runs.</summary>
    public static HostTask? Of(string? document, IReadOnlyDictionary<string, List<string>>? parameters = null) =>
        All.FirstOrDefault(task => task.Document == document
            && (task.Name != "CloudWatchAgent" || parameters is null
                || (parameters.TryGetValue("name", out List<string>? package) && package.Contains("AmazonCloudWatchAgent"))));

    /// <summary>The last task, with the configuration that the agent is to take from Parameter Store.</summary>
    public static HostTask Configure(string parameterName) => All[^1] with
    {
        Parameters = Of(
            ("action", "configure"), ("mode", "auto"), ("optionalConfigurationSource", "ssm"),
            ("optionalConfigurationLocation", parameterName), ("optionalRestart", "yes")),
    };

    /// <summary>Whether an association has these parameters; what it does not say is left to the document.</summary>
    public bool HasParameters(AssociationDescription description) =>
        Parameters.Count == description.Parameters.Count
        && Parameters.All(one => description.Parameters.TryGetValue(one.Key, out List<string>? values) && values.SequenceEqual(one.Value));

    private static Dictionary<string, List<string>> Of(params (string Name, string Value)[] parameters) =>
        parameters.ToDictionary(one => one.Name, one => new List<string> { one.Value }, StringComparer.Ordinal);
}
