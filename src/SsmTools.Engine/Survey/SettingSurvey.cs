using System.Text.Json;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;

namespace SsmTools.Engine.Survey;

/// <summary>What the account has set Systems Manager to; each is read when it is first asked for.</summary>
internal sealed class SettingSurvey(AwsContext context, Asker asker)
{
    /// <summary>The setting of Default Host Management.</summary>
    public const string HostManagementRole = "/ssm/managed-instance/default-ec2-instance-management-role";

    /// <summary>The setting of the tier of hybrid nodes.</summary>
    public const string ActivationTier = "/ssm/managed-instance/activation-tier";

    private const string Preferences = "SSM-SessionManagerRunShell";
    private static readonly string[] s_noSetting = ["ServiceSettingNotFound"];
    private static readonly string[] s_noDocument = ["InvalidDocument"];

    private readonly Dictionary<string, Reading<string>> _settings = [];
    private readonly Dictionary<string, Reading<Activation>> _activations = [];
    private Reading<SessionNeeds>? _needs;

    /// <summary>What sessions send to, as far as it was read.</summary>
    public Reading<SessionNeeds> Needs => _needs ?? default;

    /// <summary>The name of the role that Default Host Management gives; null where it is off.</summary>
    public async Task<Reading<string>> ReadHostManagementRoleAsync(CancellationToken cancellationToken)
    {
        Reading<string> setting = await ReadAsync(HostManagementRole, cancellationToken).ConfigureAwait(false);
        string? name = setting.Value?.Split('/')[^1];
        return setting.IsKnown && (name is null or "" or "$None") ? default : setting with { Value = name };
    }

    /// <summary>standard or advanced.</summary>
    public Task<Reading<string>> ReadTierAsync(CancellationToken cancellationToken) => ReadAsync(ActivationTier, cancellationToken);

    /// <summary>What sessions send to, and are encrypted with.</summary>
    public async Task<Reading<SessionNeeds>> ReadNeedsAsync(CancellationToken cancellationToken) =>
        _needs ??= await asker.FindAsync(
            "ssm:GetDocument",
            s_noDocument,
            async token => Parse((await context.Ssm.GetDocumentAsync(
                new GetDocumentRequest { Name = Preferences, DocumentFormat = DocumentFormat.JSON }, token).ConfigureAwait(false)).Content),
            cancellationToken).ConfigureAwait(false);

    /// <summary>The activation that a hybrid node registered with; null where it was deleted.</summary>
    public async Task<Reading<Activation>> ReadActivationAsync(string id, CancellationToken cancellationToken)
    {
        if (!_activations.TryGetValue(id, out Reading<Activation> activation))
        {
            Reading<List<Activation>> found = await asker.ListAsync(
                "ssm:DescribeActivations",
                token => context.Ssm.DescribeActivationsItemsAsync(
                    new DescribeActivationsRequest
                    {
                        Filters =
                        [
                            new DescribeActivationsFilter { FilterKey = DescribeActivationsFilterKeys.ActivationIds, FilterValues = [id] },
                        ],
                    },
                    token),
                cancellationToken).ConfigureAwait(false);
            activation = found.Obstacle is { } obstacle ? obstacle : new Reading<Activation>(found.Value!.FirstOrDefault());
            _activations[id] = activation;
        }

        return activation;
    }

    /// <summary>Reads the inputs of a preferences document. What is no JSON asks for nothing.</summary>
    internal static SessionNeeds Parse(string? content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content ?? "{}");
            return document.RootElement.TryGetProperty("inputs", out JsonElement inputs) && inputs.ValueKind == JsonValueKind.Object
                ? new SessionNeeds(Input(inputs, "cloudWatchLogGroupName"), Input(inputs, "s3BucketName"), Input(inputs, "kmsKeyId"))
                : new SessionNeeds(null, null, null);
        }
        catch (JsonException)
        {
            return new SessionNeeds(null, null, null);
        }
    }

    private static string? Input(JsonElement inputs, string name) =>
        inputs.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private async Task<Reading<string>> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (!_settings.TryGetValue(id, out Reading<string> setting))
        {
            _settings[id] = setting = await asker.FindAsync(
                "ssm:GetServiceSetting",
                s_noSetting,
                async token => (await context.Ssm.GetServiceSettingAsync(new GetServiceSettingRequest { SettingId = id }, token)
                    .ConfigureAwait(false)).ServiceSetting?.SettingValue,
                cancellationToken).ConfigureAwait(false);
        }

        return setting;
    }
}
