using System.Collections;
using System.Linq;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>Reads what the parameters that are typed already say of a network.</summary>
internal static class NetworkHints
{
    /// <summary>The first id of each sort; names and expressions say nothing.</summary>
    /// <param name="bound">The parameters.</param>
    /// <param name="asked">The one that is completed: what is typed of it is no hint.</param>
    internal static NetworkHint Read(IDictionary bound, string asked)
    {
        return new NetworkHint(
            Find("VpcId", "vpc-"), Find("SubnetId", "subnet-"), Find("SecurityGroupId", "sg-") ?? Find("SecurityGroup", "sg-"));

        string? Find(string parameter, string prefix) =>
            parameter != asked && bound.Contains(parameter) ? First(bound[parameter], prefix) : null;
    }

    private static string? First(object? value, string prefix) =>
        (value is string one ? [one] : (value as IEnumerable)?.Cast<object?>().Select(item => item?.ToString()) ?? [])
            .FirstOrDefault(id => id?.StartsWith(prefix, System.StringComparison.Ordinal) == true);
}
