using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Serve;

/// <summary>What a client needs, for programs and for people.</summary>
internal static class FactsText
{
    /// <summary>One line of JSON.</summary>
    public static string ToJson(SandboxFacts facts) => new JsonObject
    {
        ["endpoint"] = facts.Endpoint,
        ["tlsEndpoint"] = facts.TlsEndpoint,
        ["caFile"] = facts.CaFile,
        ["region"] = facts.Region,
        ["accessKeyId"] = facts.AccessKeyId,
        ["secretAccessKey"] = facts.SecretAccessKey,
        ["vpcId"] = facts.VpcId,
        ["subnets"] = new JsonObject
        {
            ["isolated"] = ToArray(facts.Subnets.Isolated),
            ["private"] = ToArray(facts.Subnets.Private),
            ["dead"] = ToArray(facts.Subnets.Dead),
        },
        ["securityGroupId"] = facts.SecurityGroupId,
    }.ToJsonString();

    /// <summary>Lines to paste into a shell.</summary>
    public static string ToText(SandboxFacts facts)
    {
        (string Name, string Value)[] variables =
        [
            ("AWS_ENDPOINT_URL", facts.Endpoint),
            ("AWS_REGION", facts.Region),
            ("AWS_DEFAULT_REGION", facts.Region),
            ("AWS_ACCESS_KEY_ID", facts.AccessKeyId),
            ("AWS_SECRET_ACCESS_KEY", facts.SecretAccessKey),
        ];
        string[] lines =
        [
            $"The sandbox listens on {facts.Endpoint}. Ctrl-C ends it.",
            .. Tls(facts),
            "",
            "bash (AWS CLI before 2.13: add --endpoint-url $AWS_ENDPOINT_URL to each command):",
            .. variables.Select(variable => $"  export {variable.Name}='{variable.Value}'"),
            "  unset AWS_SESSION_TOKEN AWS_PROFILE",
            "",
            "PowerShell:",
            .. variables.Select(variable => $"  $env:{variable.Name} = '{variable.Value}'"),
            "  Remove-Item Env:AWS_SESSION_TOKEN, Env:AWS_PROFILE -ErrorAction Ignore",
            "",
            $"VPC               {facts.VpcId}",
            $"isolated subnets  {string.Join(' ', facts.Subnets.Isolated)}",
            $"private subnets   {string.Join(' ', facts.Subnets.Private)}",
            $"dead subnets      {string.Join(' ', facts.Subnets.Dead)}",
            $"security group    {facts.SecurityGroupId}",
        ];
        return string.Join(Environment.NewLine, lines);
    }

    private static string[] Tls(SandboxFacts facts) => facts.TlsEndpoint is null ? [] :
    [
        $"With TLS on {facts.TlsEndpoint}, for clients that trust {facts.CaFile}",
        "(AWS_CA_BUNDLE for the AWS CLI; that and SSL_CERT_FILE for agents).",
    ];

    private static JsonArray ToArray(string[] values) => [.. values.Select(value => JsonValue.Create(value))];
}
