using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ec2;

/// <summary>EC2's errors that several operations share.</summary>
internal static class Ec2Errors
{
    public static ServiceError InvalidValue(string message) => new("InvalidParameterValue", message);

    public static ServiceError InvalidValue(string value, string parameter, string why)
    {
        return new ServiceError("InvalidParameterValue", $"Value ({value}) for parameter {parameter} is invalid. {why}");
    }

    public static ServiceError Combination(string message) => new("InvalidParameterCombination", message);

    public static ServiceError Missing(string parameter)
    {
        return new ServiceError("MissingParameter", $"The request must contain the parameter {parameter}");
    }

    public static ServiceError Dependency(string id) => new("DependencyViolation", $"resource {id} has a dependent object");

    public static ServiceError Unsupported(string what)
    {
        return new ServiceError("UnsupportedOperation", $"The sandbox does not support {what}.");
    }
}
