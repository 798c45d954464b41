using System.Collections;
using System.Collections.Generic;

namespace SsmTools.Completion;

/// <summary>Completes the services that a private instance can need an endpoint for.</summary>
public sealed class EndpointServiceCompleter : ValueCompleter
{
    private static readonly (string Value, string ToolTip)[] s_services =
    [
        ("ssm", "Systems Manager: no instance registers without it"),
        ("ssmmessages", "sessions: none opens without it"),
        ("ec2messages", "for agents older than 3.3.40.0"),
        ("s3", "agent updates, patches, session logs; a gateway, without charge"),
        ("logs", "CloudWatch Logs, where sessions are logged to it"),
        ("kms", "KMS, where sessions are encrypted with a key"),
    ];

    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) => s_services;
}
