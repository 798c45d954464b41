namespace SsmTools.Engine.Aws.Runtime;

/// <summary>How a service wants its requests and gives its answers.</summary>
internal enum WireProtocol
{
    /// <summary>AWS JSON 1.1: the operation in X-Amz-Target, a JSON object each way.</summary>
    Json,

    /// <summary>REST with JSON: the operation in method and path, a JSON object each way.</summary>
    RestJson,

    /// <summary>AWS query: a form with lists as <c>Name.member.1</c>; XML with a result element.</summary>
    Query,

    /// <summary>EC2's dialect of it: lists as <c>Name.1</c>; XML without a result element.</summary>
    Ec2,
}
