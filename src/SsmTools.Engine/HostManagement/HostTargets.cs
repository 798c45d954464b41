using SsmTools.Engine.Aws.Ssm;

namespace SsmTools.Engine.HostManagement;

/// <summary>What an association is for.</summary>
internal static class HostTargets
{
    private const string Ids = "InstanceIds";
    private const int MostValues = 50;
    private const int MostTargets = 5;

    /// <summary>From what a user asked for.</summary>
    /// <exception cref="EngineException">HostManagementInvalid.</exception>
    public static List<Target> From(HostManagementRequest request)
    {
        if (request.TargetTags.Count > MostTargets)
        {
            throw HostErrors.Invalid($"{request.TargetTags.Count} tags are too many: State Manager takes {MostTargets}.", "Give fewer tags.", request.Name);
        }

        if (request.InstanceIds.Count > MostValues)
        {
            throw HostErrors.Invalid(
                $"{request.InstanceIds.Count} ids are too many: State Manager takes {MostValues}.", "Name the nodes by a tag.", request.Name);
        }

        return request.TargetTags.Count > 0
            ? [.. request.TargetTags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => new Target { Key = $"tag:{tag.Key}", Values = [tag.Value] })]
            : [new Target { Key = Ids, Values = request.InstanceIds.Count > 0 ? [.. request.InstanceIds.Order(StringComparer.Ordinal)] : ["*"] }];
    }

    /// <summary>In words, one for each.</summary>
    public static IReadOnlyList<string> Words(IEnumerable<Target> targets, string? instanceId = null) =>
        instanceId is not null ? [instanceId] : [.. targets.SelectMany(Words)];

    /// <summary>Whether two are the same.</summary>
    public static bool AreSame(List<Target> left, List<Target> right) =>
        Words(left).Order(StringComparer.Ordinal).SequenceEqual(Words(right).Order(StringComparer.Ordinal));

    /// <summary>Whether a node can be among both: only ids apart from each other, or one tag with two values, say that none can.</summary>
    public static bool MayOverlap(List<Target> left, List<Target> right) =>
        left.TrueForAll(one => right.TrueForAll(other =>
            one.Key != other.Key || IsAll(one) || IsAll(other) || one.Values.Intersect(other.Values, StringComparer.Ordinal).Any()));

    /// <summary>The filters by which DescribeInstanceInformation lists the nodes.</summary>
    public static IEnumerable<InstanceInformationStringFilter> Filters(List<Target> targets) => targets
        .Where(target => !IsAll(target))
        .Select(target => new InstanceInformationStringFilter { Key = target.Key, Values = target.Values });

    private static bool IsAll(Target target) => target is { Key: Ids, Values: ["*"] };

    private static IEnumerable<string> Words(Target target) => target switch
    {
        { Key: Ids } when IsAll(target) => ["all"],
        { Key: Ids } => target.Values,
        { Key: { } key } when key.StartsWith("tag:", StringComparison.Ordinal) => target.Values.Select(value => $"tag {key[4..]}={value}"),
        _ => target.Values.Select(value => $"{target.Key} {value}"),
    };
}
