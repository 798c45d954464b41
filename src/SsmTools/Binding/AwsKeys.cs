using System;
using System.Linq;
using System.Management.Automation;

namespace SsmTools.Binding;

/// <summary>An access key, read from whatever PowerShell users keep one in.</summary>
internal sealed class AwsKeys
{
    private AwsKeys(string accessKey, string secretKey, string? sessionToken)
    {
        AccessKey = accessKey;
        SecretKey = secretKey;
        SessionToken = sessionToken;
    }

    /// <summary>The key's id.</summary>
    internal string AccessKey { get; }

    /// <summary>The key's secret.</summary>
    internal string SecretKey { get; }

    /// <summary>The session token of temporary keys; null for lasting ones.</summary>
    internal string? SessionToken { get; }

    /// <summary>
    /// Reads a PSCredential, an object like AWSCredentials (with GetCredentials), or one with the keys as properties,
    /// which is what Get-STSSessionToken and Use-STSRole return.
    /// </summary>
    /// <returns>The keys; null where there are none in it.</returns>
    /// <exception cref="RuntimeException">The object's own GetCredentials failed.</exception>
    internal static AwsKeys? From(object credential)
    {
        PSObject wrapped = PSObject.AsPSObject(credential);
        if (wrapped.BaseObject is PSCredential pair)
        {
            return new AwsKeys(pair.UserName, pair.GetNetworkCredential().Password, null);
        }

        if (wrapped.Methods["GetCredentials"] is { } get)
        {
            return get.Invoke() is { } keys ? FromProperties(PSObject.AsPSObject(keys)) : null;
        }

        return FromProperties(wrapped)
            ?? (wrapped.Properties["Credentials"]?.Value is { } inner ? FromProperties(PSObject.AsPSObject(inner)) : null);
    }

    /// <summary>
    /// Leaves the reading to whoever can wait: where credentials come from a role or a login, it asks a service. Objects
    /// made of script can be read on this thread only, and are.
    /// </summary>
    /// <exception cref="RuntimeException">The object's own GetCredentials failed.</exception>
    internal static Func<AwsKeys?> Defer(object credential)
    {
        Type type = PSObject.AsPSObject(credential).BaseObject.GetType();
        if (type.GetMethod("GetCredentials", Type.EmptyTypes) is not null && !type.Assembly.IsDynamic)
        {
            return () => From(credential);
        }

        AwsKeys? keys = From(credential);
        return () => keys;
    }

    private static AwsKeys? FromProperties(PSObject keys) =>
        Text(keys, "AccessKey", "AccessKeyId") is { } id && Text(keys, "SecretKey", "SecretAccessKey") is { } secret
            ? new AwsKeys(id, secret, Text(keys, "Token", "SessionToken"))
            : null;

    private static string? Text(PSObject keys, params string[] names) =>
        names.Select(name => keys.Properties[name]?.Value?.ToString()).FirstOrDefault(text => !string.IsNullOrEmpty(text));
}
