using System;
using System.Collections.Generic;
using System.Linq;
using SsmTools.Sandbox;

namespace SsmTools.Commands;

/// <summary>
/// Points the AWS_* variables of this process to a sandbox, so that this module, the AWS CLI and SDKs started from here
/// all use it, and puts back exactly what was there.
/// </summary>
internal sealed class SandboxEnvironment
{
    private readonly KeyValuePair<string, string?>[] _before;

    private SandboxEnvironment(KeyValuePair<string, string?>[] before)
    {
        _before = before;
    }

    /// <summary>Sets the variables.</summary>
    internal static SandboxEnvironment Set(SandboxFacts facts)
    {
        // Null removes: nothing that was set for the real AWS may lead a call past the sandbox, or real keys into it.
        Dictionary<string, string?> wanted = new()
        {
            ["AWS_ENDPOINT_URL"] = facts.Endpoint.ToString(),
            ["AWS_ACCESS_KEY_ID"] = facts.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = facts.SecretAccessKey,
            ["AWS_SESSION_TOKEN"] = null,
            ["AWS_REGION"] = facts.Region,
            ["AWS_DEFAULT_REGION"] = facts.Region,
            ["AWS_PROFILE"] = null,
            ["AWS_ENDPOINT_URL_EC2"] = null,
            ["AWS_ENDPOINT_URL_EC2_INSTANCE_CONNECT"] = null,
            ["AWS_ENDPOINT_URL_IAM"] = null,
            ["AWS_ENDPOINT_URL_SSM"] = null,
            ["AWS_ENDPOINT_URL_STS"] = null,
            ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = null,
        };
        KeyValuePair<string, string?>[] before = wanted.Keys
            .Select(name => KeyValuePair.Create(name, Environment.GetEnvironmentVariable(name)))
            .ToArray();
        SetAll(wanted);
        return new SandboxEnvironment(before);
    }

    /// <summary>Puts back what was there before.</summary>
    internal void PutBack() => SetAll(_before);

    private static void SetAll(IEnumerable<KeyValuePair<string, string?>> values)
    {
        foreach ((string name, string? value) in values)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
