using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using SsmTools.Output;

namespace SsmTools.Binding;

/// <summary>
/// Makes targets of what is piped or given: ids and names, objects of this module, and those of AWS Tools for
/// PowerShell, which are known by their properties and never by their types.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SsmTargetTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>A reservation's instances, and what the AWS CLI's answers hold.</summary>
    private static readonly string[] s_lists = ["Instances", "Reservations", "InstanceInformationList"];

    private static readonly string[] s_platforms = ["PlatformType", "Platform"];

    /// <summary>Leaves activations as they are, for another parameter to take their id.</summary>
    public bool LeavesActivations { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is null ? null!
        : LeavesActivations && PSObject.AsPSObject(inputData).BaseObject is SsmNodeActivation ? inputData
        : Read(inputData).ToArray();

    private static IEnumerable<SsmTargetParameter> Read(object input)
    {
        PSObject wrapped = PSObject.AsPSObject(input);
        return wrapped.BaseObject switch
        {
            SsmTargetParameter target => [target],
            string text => [FromText(text)],
            SsmRegistration node => [FromNode(node)],
            IEnumerable many => many.Cast<object>().SelectMany(Read),
            _ => FromProperties(wrapped),
        };
    }

    private static SsmTargetParameter FromText(string text) =>
        string.IsNullOrWhiteSpace(text)
            ? throw new ArgumentTransformationMetadataException("An empty string names no instance.")
            : new SsmTargetParameter(text.Trim());

    private static SsmTargetParameter FromNode(SsmRegistration node) => new(node.InstanceId)
    {
        IsWindows = node.PlatformType == "Windows",
        NotRegisteredBecause = node.Registered ? null : node.Reason ?? "the service does not know it",
    };

    private static IEnumerable<SsmTargetParameter> FromProperties(PSObject input)
    {
        // In this order: a session has both an id of its own and a Target, a reservation has no id but Instances.
        if (Text(input, "InstanceId") is { } instanceId)
        {
            return [new SsmTargetParameter(instanceId.Trim()) { IsWindows = IsWindows(input) }];
        }

        if (s_lists.Select(name => input.Properties[name]?.Value).OfType<IEnumerable>()
            .FirstOrDefault(list => list is not string) is { } members)
        {
            return members.Cast<object>().SelectMany(Read);
        }

        return Text(input, "Target") is { } name
            ? [FromText(name)]
            : Text(input, "Id") is { } id && IsNodeId(id)
            ? [FromText(id)]
            : throw new ArgumentTransformationMetadataException(string.Format(
                CultureInfo.CurrentCulture,
                "A {0} names no instance: give an id, the value of a Name tag, or an object that has an InstanceId.",
                input.BaseObject is PSCustomObject ? "custom object without InstanceId" : input.BaseObject.GetType()));
    }

    // EC2 says windows or nothing, Systems Manager Windows, Linux or MacOS; both as objects that read like that.
    private static bool IsWindows(PSObject input) => s_platforms.Any(name => string.Equals(
        input.Properties[name]?.Value?.ToString(), "windows", StringComparison.OrdinalIgnoreCase));

    private static string? Text(PSObject input, string property) =>
        input.Properties[property]?.Value is { } value && PSObject.AsPSObject(value).BaseObject is string { Length: > 0 } text
            ? text
            : null;

    private static bool IsNodeId(string id) =>
        id.StartsWith("i-", StringComparison.Ordinal) || id.StartsWith("mi-", StringComparison.Ordinal);
}
