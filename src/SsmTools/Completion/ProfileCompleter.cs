using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace SsmTools.Completion;

/// <summary>Completes profile names from the shared credentials and config files.</summary>
public sealed class ProfileCompleter : ValueCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound)
    {
        string home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".aws");
        string credentials = bound["ProfileLocation"] as string
            ?? Environment.GetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE")
            ?? Path.Combine(home, "credentials");
        string config = Environment.GetEnvironmentVariable("AWS_CONFIG_FILE") ?? Path.Combine(home, "config");
        return Sections(credentials).Select(section => (section, credentials))
            .Concat(Sections(config).Select(Profile).OfType<string>().Select(profile => (profile, config)))
            .DistinctBy(profile => profile.Item1)
            .OrderBy(profile => profile.Item1, StringComparer.OrdinalIgnoreCase);
    }

    private static string[] Sections(string path)
    {
        try
        {
            return File.ReadLines(path)
                .Select(line => line.Trim())
                .Where(line => line.StartsWith('[') && line.Contains(']', StringComparison.Ordinal))
                .Select(line => line[1..line.IndexOf(']', StringComparison.Ordinal)].Trim())
                .ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A completion never complains.
            return [];
        }
    }

    /// <summary>In the config file a profile is <c>[default]</c> or <c>[profile name]</c>; there are other sections.</summary>
    private static string? Profile(string section) =>
        section == "default" ? section
        : section.StartsWith("profile ", StringComparison.Ordinal) ? section[8..].Trim()
        : null;
}
