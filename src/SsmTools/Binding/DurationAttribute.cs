using System;
using System.Globalization;
using System.Management.Automation;

namespace SsmTools.Binding;

/// <summary>
/// For a parameter that takes a span of time: a number is seconds, as with PowerShell's own cmdlets. Without this,
/// PowerShell would read it as ticks of a hundred nanoseconds.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        double? seconds = value switch
        {
            int or long or double or decimal => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) => n,
            _ => null,
        };
        if (seconds is null)
        {
            return value is TimeSpan { Ticks: < 0 } ? throw Unusable(value) : inputData;
        }

        // A year is more than any wait here makes sense for; NaN fails the comparison too.
        return seconds >= 0 && seconds <= 31_536_000 ? TimeSpan.FromSeconds(seconds.Value) : throw Unusable(value);
    }

    private static ArgumentTransformationMetadataException Unusable(object? value) =>
        new($"{value} is no span of time to wait: give seconds, or a TimeSpan such as 00:10:00.");
}
