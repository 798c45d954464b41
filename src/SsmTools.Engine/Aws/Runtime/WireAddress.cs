using System.Globalization;
using Amazon.Runtime.Internal;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>The path and the query of a REST request.</summary>
internal sealed class WireAddress(IRequest request)
{
    /// <summary>Fills in a label of the path.</summary>
    /// <exception cref="ArgumentException">The value is missing: the path would be another one.</exception>
    public void Label(string name, string? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        request.AddPathResource($"{{{name}}}", value);
    }

    public void Query(string name, string? value)
    {
        if (value is not null)
        {
            request.Parameters[name] = value;
            request.UseQueryString = true;
        }
    }

    public void Query(string name, int? value) => Query(name, value?.ToString(CultureInfo.InvariantCulture));
}
