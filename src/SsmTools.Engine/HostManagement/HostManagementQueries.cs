using SsmTools.Engine.Choosing;

namespace SsmTools.Engine.HostManagement;

/// <summary>What parameters about host management can name and only the account knows.</summary>
public static class HostManagementQueries
{
    /// <summary>The names of the sets that SsmTools made.</summary>
    public static AccountQuery Names { get; } = new("host management", async (context, stop) =>
        [
            .. (await new HostManagementPlanner(context).ListAsync(stop).ConfigureAwait(false))
                .Where(state => state.MadeBy == "SsmTools")
                .GroupBy(state => state.Name)
                .Select(set => new Choice(set.Key, set.Key, string.Join(", ", set.Select(state => state.Task)))),
        ]);
}
