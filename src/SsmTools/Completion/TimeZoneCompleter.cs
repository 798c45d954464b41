using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace SsmTools.Completion;

/// <summary>Completes time zones by the names that AWS knows.</summary>
public sealed class TimeZoneCompleter : ValueCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) =>
        TimeZoneInfo.GetSystemTimeZones()
            .Select(zone => (Value: TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out string? iana) ? iana : zone.Id, zone.DisplayName))
            .DistinctBy(zone => zone.Value)
            .OrderBy(zone => zone.Value, StringComparer.Ordinal);
}
