using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>What Describe calls have in common: ids, filters, pages.</summary>
internal static class Ec2Listing
{
    private const int Everything = 1000;

    /// <summary>Answers a Describe call about things that have ids and tags.</summary>
    public static JsonObject Describe<T>(
        ApiCall call, string member, Ec2Kind kind, string idsMember, IReadOnlyDictionary<string, T> all, Ec2Filters.Field<T> field,
        Func<T, JsonNode> shape, string filtersMember = "Filters")
        where T : Resource
    {
        (IReadOnlyList<T> page, string? next) = Select(call, member, kind, idsMember, all, field, filtersMember);
        return new JsonObject { [member] = page.ToJson(shape), ["NextToken"] = next };
    }

    public static (IReadOnlyList<T> Items, string? Next) Select<T>(
        ApiCall call, string listing, Ec2Kind kind, string idsMember, IReadOnlyDictionary<string, T> all, Ec2Filters.Field<T> field,
        string filtersMember = "Filters")
        where T : Resource
    {
        IEnumerable<T> items = all.Values;
        if (call.Input.Texts(idsMember) is { Count: > 0 } ids)
        {
            if (call.Input.Int("MaxResults") is not null)
            {
                throw Ec2Errors.Combination($"The parameter {idsMember} cannot be used with the parameter maxResults");
            }

            items = [.. ids.Distinct().Select(id => kind.Find(all, id))];
        }

        items = Ec2Filters.Apply(items, call.Input, filtersMember, field, item => item.Tags);
        return Page(call, listing, items, item => Paging.Key(item.Sequence));
    }

    public static (IReadOnlyList<T> Items, string? Next) Page<T>(ApiCall call, string listing, IEnumerable<T> items, Func<T, string> key)
    {
        int? size = call.Input.Int("MaxResults");
        if (size is < 5 or > 1000)
        {
            string bound = size < 5 ? "greater than 5" : "less than 1000";
            throw Ec2Errors.InvalidValue(string.Create(
                CultureInfo.InvariantCulture, $"Value ( {size} ) for parameter maxResults is invalid. Expecting a value {bound}."));
        }

        return Paging.Page(
            items, key, listing, size ?? Everything, call.Text("NextToken"),
            () => new ServiceError("InvalidNextToken", "The token is not valid."));
    }
}
