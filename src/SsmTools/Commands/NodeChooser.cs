using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Host;
using SsmTools.Engine.Choosing;
using SsmTools.Engine.Registration;

namespace SsmTools.Commands;

/// <summary>Lets the person at the console choose one of several nodes.</summary>
internal sealed class NodeChooser
{
    private readonly PSHost _host;

    internal NodeChooser(PSHost host)
    {
        _host = host;
    }

    /// <summary>Whether somebody is there: a console that nothing is redirected of.</summary>
    internal bool CanAsk => _host.Name == "ConsoleHost" && !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <summary>Shows the list until one is chosen, which is null where none is wanted; false where PowerShell may not ask.</summary>
    internal bool TryAsk(IReadOnlyList<NodeRegistration> nodes, out NodeRegistration? chosen)
    {
        try
        {
            chosen = Ask(nodes);
            return true;
        }
        catch (PSInvalidOperationException)
        {
            // It was started with -NonInteractive, which nothing but a failed question tells.
            _host.UI.WriteLine();
            chosen = null;
            return false;
        }
    }

    private NodeRegistration? Ask(IReadOnlyList<NodeRegistration> nodes)
    {
        Size screen = ReadScreen();
        NodePicker picker = new(nodes, screen.Width, screen.Height);
        for (string? complaint = null; ;)
        {
            if (complaint is null)
            {
                _host.UI.WriteLine();
                foreach (string line in picker.Lines)
                {
                    _host.UI.WriteLine(line);
                }
            }

            _host.UI.Write(picker.Prompt);
            NodePickerAnswer answer = picker.Answer(_host.UI.ReadLine());
            if (answer.HasLeft || answer.Node is not null)
            {
                return answer.Node;
            }

            complaint = answer.Complaint;
            if (complaint is not null)
            {
                _host.UI.WriteLine(complaint);
            }
        }
    }

    private Size ReadScreen()
    {
        try
        {
            return _host.UI.RawUI.WindowSize is { Width: > 0, Height: > 0 } size ? size : new Size(80, 24);
        }
        catch (HostException)
        {
            return new Size(80, 24);
        }
    }
}
