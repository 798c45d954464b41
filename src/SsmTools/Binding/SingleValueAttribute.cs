using System;
using System.Collections;
using System.Management.Automation;

namespace SsmTools.Binding;

/// <summary>
/// For a parameter that takes one id: takes a list of exactly one too, and an object that has the id in a property of
/// the parameter's name, as the objects of AWS Tools for PowerShell do.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SingleValueAttribute : ArgumentTransformationAttribute
{
    private readonly string _property;

    /// <summary>Creates the attribute.</summary>
    /// <param name="property">The property that holds the id.</param>
    public SingleValueAttribute(string property)
    {
        _property = property;
    }

    /// <summary>The property that holds the id.</summary>
    public string Property => _property;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            null or string => value!,
            IList { Count: 1 } list when list[0] is { } only => Transform(engineIntrinsics, only),
            IList list => throw new ArgumentTransformationMetadataException(
                $"One {_property} is needed, and {list.Count} were given."),
            _ => PSObject.AsPSObject(inputData).Properties[_property]?.Value ?? inputData,
        };
    }
}
