using System.Text.Json.Nodes;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Pty;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Sandbox;

/// <summary>How AWS's own plugin is started, as the AWS CLI starts it.</summary>
internal static class OfficialPlugin
{
    /// <summary>What to run on a terminal.</summary>
    /// <param name="sandbox">Whose session it is.</param>
    /// <param name="target">The node.</param>
    /// <param name="session">What StartSession answered.</param>
    /// <param name="home">Its home directory.</param>
    public static PseudoTerminalOptions Run(
        TestSandbox sandbox, string target, StartSessionResponse session, string home)
    {
        const string Variable = "AWS_SSM_START_SESSION_RESPONSE_1";
        string response = new JsonObject
        {
            ["SessionId"] = session.SessionId,
            ["StreamUrl"] = session.StreamUrl,
            ["TokenValue"] = session.TokenValue,
        }.ToJsonString();
        string request = new JsonObject { ["Target"] = target }.ToJsonString();
        return new PseudoTerminalOptions
        {
            FileName = SessionManagerPluginFactAttribute.FindPlugin()!,
            Arguments = [Variable, sandbox.Host.Facts.Region, "StartSession", "", request, sandbox.Host.Facts.Endpoint],
            WorkingDirectory = home,
            Environment = new Dictionary<string, string>
            {
                [Variable] = response,
                ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = home,
                ["TERM"] = "xterm",
                ["AWS_ACCESS_KEY_ID"] = sandbox.Host.Facts.AccessKeyId,
                ["AWS_SECRET_ACCESS_KEY"] = sandbox.Host.Facts.SecretAccessKey,
                ["AWS_REGION"] = sandbox.Host.Facts.Region,
            },
            Size = new TerminalSize(97, 31),
        };
    }
}
