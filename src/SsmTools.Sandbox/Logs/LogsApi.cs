using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Logs;

/// <summary>CloudWatch Logs' operations.</summary>
internal static class LogsApi
{
    public const string Service = "logs";

    public static OperationTable Create() => new OperationTable()
        .Add("CreateLogGroup", LogGroupOperations.Create)
        .Add("DescribeLogGroups", LogGroupOperations.Describe)
        .Add("PutRetentionPolicy", LogGroupOperations.PutRetention)
        .Add("AssociateKmsKey", LogGroupOperations.AssociateKey)
        .Add("CreateLogStream", LogStreamOperations.Create)
        .Add("DescribeLogStreams", LogStreamOperations.Describe)
        .Add("PutLogEvents", LogWriting.Put)
        .Add("GetLogEvents", LogReading.Get)
        .Add("FilterLogEvents", LogReading.Filter);
}
