using System.Collections.Generic;
using System.Text;

namespace SsmTools.Output;

/// <summary>Findings as text: a line for each, and below those that do not pass what was looked at and what to do.</summary>
internal static class FindingReport
{
    private const int CheckWidth = 22;

    internal static string? Write(IReadOnlyList<SsmFinding> findings)
    {
        StringBuilder text = new();
        foreach (SsmFinding finding in findings)
        {
            Line(text, $"{finding.Status,-8}{finding.Check.PadRight(CheckWidth)}{finding.Because}");
            if (finding.Status == "Pass")
            {
                continue;
            }

            foreach (string evidence in finding.Evidence)
            {
                Line(text, $"          seen: {evidence}");
            }

            if (finding.Fix is not null)
            {
                Line(text, $"          fix:  {finding.Fix}");
            }

            if (finding.Command is not null)
            {
                Line(text, $"          run:  {finding.Command}");
            }
        }

        return text.Length == 0 ? null : text.ToString();
    }

    private static void Line(StringBuilder text, string line)
    {
        if (text.Length > 0)
        {
            text.Append('\n');
        }

        text.Append(line);
    }
}
