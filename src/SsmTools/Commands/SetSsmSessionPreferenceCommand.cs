using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Preferences;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Changes what the account wants of its sessions; what is not named stays, and what sessions would fail on is said first.</summary>
[Cmdlet(VerbsCommon.Set, "SsmSessionPreference", SupportsShouldProcess = true)]
[OutputType(typeof(SsmSessionPreference))]
public sealed class SetSsmSessionPreferenceCommand : PlanCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(BucketCompleter))]
    [AllowEmptyString]
    public string? LogBucket { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter RequireBucketEncryption { get; set; }

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(LogGroupCompleter))]
    [AllowEmptyString]
    public string? LogGroup { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter RequireGroupEncryption { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter LogStreaming { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(KmsKeyCompleter))]
    [AllowEmptyString]
    public string? KmsKeyId { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 60)]
    public int? IdleTimeoutMinutes { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 1440)]
    public int? MaxDurationMinutes { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter RunAs { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? RunAsUser { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? LinuxProfile { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? WindowsProfile { get; set; }

    [Parameter]
    public SwitchParameter Reset { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        SessionPreferenceRequest request = new()
        {
            LogBucket = LogBucket,
            RequireBucketEncryption = Given(nameof(RequireBucketEncryption), RequireBucketEncryption.ToBool()),
            LogGroup = LogGroup,
            RequireGroupEncryption = Given(nameof(RequireGroupEncryption), RequireGroupEncryption.ToBool()),
            LogStreaming = Given(nameof(LogStreaming), LogStreaming.ToBool()),
            KmsKeyId = KmsKeyId,
            IdleTimeoutMinutes = IdleTimeoutMinutes,
            MaxDurationMinutes = MaxDurationMinutes,
            RunAs = Given(nameof(RunAs), RunAs.ToBool()),
            RunAsUser = RunAsUser,
            LinuxProfile = LinuxProfile,
            WindowsProfile = WindowsProfile,
            Reset = Reset,
            Force = Force,
        };
        await ApplyAsync(
            stop => new SessionPreferences(context).PlanAsync(request, stop), context.Region, Write, cancellationToken);
    }

    /// <summary>What was not given stays as it is, which is not the same as a switch that is off.</summary>
    private bool? Given(string name, bool value) => MyInvocation.BoundParameters.ContainsKey(name) ? value : null;

    private void Write(SessionPreferenceDescription preferences)
    {
        if (PassThru)
        {
            WriteObject(preferences.ToOutput());
        }
    }
}
