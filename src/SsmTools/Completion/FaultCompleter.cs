using System.Collections;
using System.Collections.Generic;

namespace SsmTools.Completion;

/// <summary>Completes faults of the sandbox: each by an example of it, to be changed.</summary>
public sealed class FaultCompleter : ValueCompleter
{
    private static readonly (string Value, string ToolTip)[] s_faults =
    [
        ("drop=1%", "messages are lost; also @65536, :up, :down"),
        ("duplicate=1%", "messages arrive twice; also :up, :down"),
        ("reorder=1%", "messages arrive behind later ones; also :up, :down"),
        ("delay=200ms:5%", "messages, and all behind them, arrive late; also :up, :down"),
        ("corrupt=1%", "one bit of a message is turned; also @65536"),
        ("slow-agent=50ms", "messages reach the agent one by one, with a pause after each"),
        ("close@10s", "links of that age go away without a word; also @65536, =1%, :agent"),
        ("close=1000@10s", "links of that age are closed with the code 1000 and 'Bye'"),
        ("half-open", "links stay open and go dead; also @10s, :agent"),
        ("refused-resume", "ResumeSession answers without a token: the session has ended"),
        ("refused-resume=DoesNotExist", "ResumeSession answers that there is no such session"),
        ("expired-token:x2", "the tokens of the next two links are refused"),
        ("throttle=10%", "API calls are throttled; also :StartSession, :ec2"),
        ("5xx=503:10%", "API calls fail with that status; also :StartSession, :ec2"),
        ("api-delay=500ms", "API calls are answered late; also :StartSession, :ec2"),
        ("expired-credentials", "API calls are told that their credentials have expired"),
    ];

    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) => s_faults;
}
