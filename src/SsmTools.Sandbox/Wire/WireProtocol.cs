namespace SsmTools.Sandbox.Wire;

/// <summary>How a service speaks.</summary>
internal enum WireProtocol
{
    /// <summary>Form parameters in, XML out (IAM, STS).</summary>
    Query,

    /// <summary>The same with EC2's own names and lists.</summary>
    Ec2,

    /// <summary>The resource in the path, XML both ways (S3).</summary>
    RestXml,

    /// <summary>JSON 1.1 with the operation in X-Amz-Target (SSM).</summary>
    Json,

    /// <summary>REST with JSON: the operation in method and path (EventBridge Scheduler).</summary>
    RestJson,
}
