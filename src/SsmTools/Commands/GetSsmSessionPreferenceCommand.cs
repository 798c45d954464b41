using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Preferences;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Shows what the account wants of its sessions: where they are logged, how they are encrypted, when they end, as whom they run.</summary>
[Cmdlet(VerbsCommon.Get, "SsmSessionPreference")]
[OutputType(typeof(SsmSessionPreference))]
public sealed class GetSsmSessionPreferenceCommand : AwsCmdlet
{
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        try
        {
            SsmSessionPreference found =
                (await ShowWaitAsync(new SessionPreferences(context).ReadAsync(cancellationToken))).ToOutput();
            foreach (string problem in found.Problems)
            {
                WriteWarning($"The document of the session preferences is broken: {problem}.");
            }

            WriteObject(found);
        }
        catch (EngineException e)
        {
            Report(e, context.Region);
        }
    }
}
