using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Starts an instance that Systems Manager can reach, without a key pair and without an open port.</summary>
[Cmdlet(VerbsCommon.New, "SsmInstance", SupportsShouldProcess = true)]
[OutputType(typeof(SsmInstance))]
public sealed class NewSsmInstanceCommand : PlanCmdlet
{
    private readonly Dictionary<AwsContext, List<InstanceDescription>> _awaited = new();

    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [EachValue("SubnetId")]
    [ArgumentCompleter(typeof(SubnetCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] SubnetId { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("InstanceProfileArn", "IamInstanceProfile")]
    [ArgumentCompleter(typeof(InstanceProfileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? InstanceProfileName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ImageId")]
    [ArgumentCompleter(typeof(ImageCompleter))]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = "AmazonLinux2023";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(InstanceTypeCompleter))]
    [ValidateNotNullOrEmpty]
    public string InstanceType { get; set; } = "t3.nano";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("SecurityGroup")]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] SecurityGroupId { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 64)]
    public int HopLimit { get; set; } = 2;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Tags")]
    public Hashtable? Tag { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(KeyPairCompleter))]
    [ValidateNotNullOrEmpty]
    public string? KeyName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? UserData { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateLength(1, 64)]
    public string? ClientToken { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        InstanceProvisioner provisioner = new(context);
        LaunchRequest request = new()
        {
            SubnetIds = SubnetId,
            Image = Image,
            InstanceType = InstanceType,
            InstanceProfileName = InstanceProfileName,
            Name = Name,
            SecurityGroupIds = SecurityGroupId,
            Count = Count,
            HopLimit = HopLimit,
            Tags = TagTable.Read(Tag),
            KeyName = KeyName,
            UserData = UserData,
            ClientToken = ClientToken,
        };
        return ApplyAsync(
            stop => provisioner.PlanAsync(request, stop),
            Name ?? string.Join(", ", SubnetId),
            instances => Take(context, instances),
            cancellationToken);
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach ((AwsContext context, List<InstanceDescription> launched) in _awaited)
        {
            await WaitAsync(context, launched, cancellationToken);
        }
    }

    private void Take(AwsContext context, IReadOnlyList<InstanceDescription> instances)
    {
        if (!Wait)
        {
            WriteObject(instances.Select(Launched), enumerateCollection: true);
            return;
        }

        // All that the pipeline starts register side by side, and are waited for together.
        if (!_awaited.TryGetValue(context, out List<InstanceDescription>? awaited))
        {
            _awaited.Add(context, awaited = []);
        }

        awaited.AddRange(instances);
    }

    // Nobody was asked what Systems Manager knows of it; where it stands is what there is to see.
    private static PSObject Launched(InstanceDescription instance)
    {
        PSObject shown = new(instance.ToOutput());
        shown.TypeNames.Insert(0, $"{typeof(SsmInstance).FullName}#Launched");
        return shown;
    }

    private async Task WaitAsync(AwsContext context, List<InstanceDescription> launched, CancellationToken cancellationToken)
    {
        using ProgressLine line = new(this, "Awaiting registration");
        Progress<RegistrationProgress> progress = new(line.Report);
        long began = Stopwatch.GetTimestamp();
        Dictionary<string, InstanceDescription> awaited =
            launched.DistinctBy(instance => instance.InstanceId).ToDictionary(instance => instance.InstanceId);
        try
        {
            await foreach (NodeRegistration node in new RegistrationProbe(context)
                .WaitAsync(awaited.Keys.ToArray(), Timeout, progress, cancellationToken))
            {
                if (!awaited.Remove(node.InstanceId, out InstanceDescription? instance))
                {
                    continue;
                }

                // Registered or not, it is there and costs: the pipeline gets it, to use it or to remove it.
                if (!node.Registered)
                {
                    WriteError(RegistrationErrors.Of(
                        node.InstanceId, node.Reason, Stopwatch.GetElapsedTime(began) >= Timeout));
                }

                WriteObject(instance.ToOutput(node));
            }
        }
        catch (EngineException e)
        {
            Report(e, Label(awaited.Keys));
            WriteObject(awaited.Values.Select(Launched), enumerateCollection: true);
        }
        catch (OperationCanceledException) when (Stopping)
        {
            // A stopped pipeline takes no more warnings; the host does.
            Host.UI?.WriteWarningLine(
                $"Stopped waiting for {Label(awaited.Keys)}{(awaited.Count > 3 ? ", ..." : "")}, which"
                    + " goes on running and costing. To see it: Get-SsmInstance");
            throw;
        }
    }
}
