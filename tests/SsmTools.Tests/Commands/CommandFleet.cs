using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Commands;

/// <summary>Nodes in an account that answer commands as they are told to, at once.</summary>
internal sealed class CommandFleet : IAsyncDisposable
{
    private readonly Dictionary<string, Func<StepRecord>> _answers = [];

    public CommandFleet()
    {
        Account.Deliver = Answer;
    }

    public ProvisioningAccount Account { get; } = new();

    /// <summary>What went to nodes: the node, and its document's name.</summary>
    public List<(string Node, string Document)> Got { get; } = [];

    /// <summary>Nodes that keep silent for as long as they are in here.</summary>
    public HashSet<string> Silent { get; } = [];

    /// <summary>Adds a node that writes this.</summary>
    public string Add(string name, string platform = "Linux", string output = "", string error = "", int code = 0)
    {
        InstanceRecord instance = WorldFleet.Add(Account.World, Account.World.Seed.Isolated[0], name);
        Account.World.Register(instance, "3.3.3050.0").Take(new NodeReport { PlatformType = platform }, Account.World.Now);
        DateTimeOffset now = Account.World.Now;
        _answers[instance.Id] = () => new StepRecord(
            "aws:runShellScript", code == 0 ? "Success" : "Failed", code, now, now.AddSeconds(2), Listed(output, error), output, error);
        return instance.Id;
    }

    public async ValueTask DisposeAsync() => await Account.DisposeAsync();

    private static string Listed(string output, string error)
    {
        string both = error.Length == 0 ? output : $"{output}\n----------ERROR-------\n{error}";
        return both.Length > 2500 ? both[..2500] : both;
    }

    private bool Answer(string node, byte[] frame)
    {
        if (AgentMessageCodec.Decode(frame, out AgentMessage message) != FrameError.None
            || CommandMessages.ReadJob(message.Payload) is not { } job)
        {
            return true;
        }

        if (job.IsCancel)
        {
            Account.Commands.OnReply(node, job.Content["CancelMessageId"]!.ToString(), "Cancelled", []);
            return true;
        }

        Got.Add((node, job.Content["DocumentName"]!.ToString()));
        Account.Commands.OnReceipt(node, job.JobId, 200);
        if (!Silent.Contains(node))
        {
            StepRecord step = _answers[node]();
            Account.Commands.OnReply(node, job.JobId, step.Status, [step]);
        }

        return true;
    }
}
