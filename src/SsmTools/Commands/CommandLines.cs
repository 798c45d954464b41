using System;
using System.Collections.Generic;
using System.Management.Automation;
using SsmTools.Engine.Sessions;

namespace SsmTools.Commands;

/// <summary>
/// Shows what commands write while they run, through the information stream as Write-Host does: in the console, or
/// wherever 6&gt; sends it, and never among the results. What several nodes write is shown in whole lines, each with the
/// node's name before it.
/// </summary>
internal sealed class CommandLines(Cmdlet cmdlet, bool isLabelled)
{
    private readonly Dictionary<(string Target, bool IsError), string> _rests = [];

    /// <summary>A node's command wrote something.</summary>
    internal void Add(string target, string? name, CommandText text)
    {
        if (!isLabelled)
        {
            Write(target, text.IsError, text.Text, isLine: false);
            return;
        }

        string all = _rests.GetValueOrDefault((target, text.IsError)) + text.Text;
        int end = all.LastIndexOf('\n');
        _rests[(target, text.IsError)] = all[(end + 1)..];
        if (end >= 0)
        {
            WriteLines(target, name, text.IsError, all[..end]);
        }
    }

    /// <summary>A node's command is over.</summary>
    internal void End(string target, string? name)
    {
        foreach (bool isError in new[] { false, true })
        {
            if (_rests.Remove((target, isError), out string? rest) && rest.Length > 0)
            {
                WriteLines(target, name, isError, rest);
            }
        }
    }

    private void WriteLines(string target, string? name, bool isError, string lines)
    {
        foreach (string line in lines.Split('\n'))
        {
            Write(target, isError, $"[{name ?? target}] {line.TrimEnd('\r')}", isLine: true);
        }
    }

    private void Write(string target, bool isError, string text, bool isLine)
    {
        HostInformationMessage message = new() { Message = text, NoNewLine = !isLine };
        if (isError)
        {
            message.ForegroundColor = ConsoleColor.Red;
        }

        cmdlet.WriteInformation(message, ["PSHOST", "SsmCommand", isError ? "Error" : "Output", target]);
    }
}
