using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace SsmTools.Binding;

/// <summary>
/// For a parameter that takes ids: takes objects too that have ids in a property of the parameter's name, as the objects
/// of this module and of AWS Tools for PowerShell do, and lists of either.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EachValueAttribute : ArgumentTransformationAttribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="property">The property that holds the ids.</param>
    public EachValueAttribute(string property)
    {
        Property = property;
    }

    /// <summary>The property that holds the ids.</summary>
    public string Property { get; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is null ? null! : Read(inputData).ToArray();

    private IEnumerable<string> Read(object input) => PSObject.AsPSObject(input) is var wrapped && wrapped.BaseObject is var value
        && value is string text ? [text]
        : value is IEnumerable many and not IDictionary ? many.Cast<object>().SelectMany(Read)
        : wrapped.Properties[Property]?.Value is { } held ? Read(held)
        : throw new ArgumentTransformationMetadataException(
            $"A {value.GetType()} has no {Property}: give ids, or objects that have them.");
}
