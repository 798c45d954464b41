using System.Management.Automation;

namespace SsmTools.Binding;

/// <summary>Reads a region that was given as its name or as AWS Tools' AWSRegion object.</summary>
internal static class RegionName
{
    /// <summary>Returns the name; null where there is none.</summary>
    internal static string? From(object? region)
    {
        if (region is null)
        {
            return null;
        }

        PSObject wrapped = PSObject.AsPSObject(region);
        string? name = wrapped.BaseObject as string
            ?? wrapped.Properties["Region"]?.Value as string
            ?? wrapped.Properties["SystemName"]?.Value as string
            ?? wrapped.ToString();
        return string.IsNullOrWhiteSpace(name) ? null : name.Trim();
    }
}
