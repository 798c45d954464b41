namespace SsmTools.ApiGenerator.Model;

/// <summary>The wire protocols that the runtime in SsmTools.Engine/Aws/Runtime implements.</summary>
internal enum Protocol
{
    Json,
    Query,
    Ec2,
    RestJson,
}
