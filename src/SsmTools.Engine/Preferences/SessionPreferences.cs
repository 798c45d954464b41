using System.Text.Json.Nodes;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Preferences;

/// <summary>
/// What an account wants of its sessions in a Region: the document SSM-SessionManagerRunShell. Changes go into what is
/// there; what this module does not know stays.
/// </summary>
public sealed class SessionPreferences
{
    private const string Subject = "session preferences";

    private readonly AwsContext _aws;

    /// <summary>Creates it; nothing is read yet.</summary>
    /// <param name="aws">Credentials, region and endpoints.</param>
    public SessionPreferences(AwsContext aws)
    {
        ArgumentNullException.ThrowIfNull(aws);
        _aws = aws;
    }

    /// <summary>Reads them. A document that is broken is told as far as it can be read, with what is wrong.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="EngineException">AccessDenied, or whatever else the call can fail with.</exception>
    public async Task<SessionPreferenceDescription> ReadAsync(CancellationToken cancellationToken)
    {
        GetDocumentResponse? latest = await FetchAsync("$LATEST", cancellationToken).ConfigureAwait(false);
        return Describe(latest);
    }

    /// <summary>Compares what is wanted with what is there, and looks at the places that it names.</summary>
    /// <param name="request">What is to be different.</param>
    /// <param name="cancellationToken">Ends the planning.</param>
    /// <exception cref="EngineException">
    /// PreferencesBroken: the document was broken by hand. BucketNotFound, BucketNotEncrypted, LogGroupNotFound,
    /// LogGroupNotEncrypted, KmsKeyNotFound, KmsKeyDisabled: sessions would not be logged, or not start; these and the
    /// first are warnings where the request has Force. LogBucketInvalid, LogGroupInvalid, KmsKeyInvalid, MinutesInvalid,
    /// RunAsUserInvalid, ShellProfileTooLong.
    /// </exception>
    public async Task<Plan<SessionPreferenceDescription>> PlanAsync(
        SessionPreferenceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        IReadOnlyDictionary<string, JsonNode> inputs = PreferenceRules.Read(request, _aws.Region);
        GetDocumentResponse? latest = await FetchAsync("$LATEST", cancellationToken).ConfigureAwait(false);
        PreferenceDocument before = latest is null ? PreferenceDocument.CreateDefault() : PreferenceDocument.Read(latest.Content);
        PreferenceDocument after = before.With(inputs);
        List<string> warnings = [.. CheckBroken(before, inputs, request.Force, latest)];

        LogPlace places = await new LogPlaces(_aws).CheckAsync(after, [.. inputs.Keys], cancellationToken).ConfigureAwait(false);
        if (places.Errors.Count > 0 && !request.Force)
        {
            throw places.Errors[0];
        }

        warnings.AddRange(places.Errors.Select(error => error.Message));
        warnings.AddRange(places.Warnings);
        warnings.AddRange(await new NodeReadiness(_aws).CheckAsync(after, cancellationToken).ConfigureAwait(false));
        if (request.LogStreaming == true && after.Value(PreferenceInput.Group).Length == 0)
        {
            warnings.Add("Logs are streamed to a log group, and none is named (-LogGroup).");
        }

        if (after.Flag(PreferenceInput.RunAs) && after.Value(PreferenceInput.RunAsUser).Length == 0)
        {
            warnings.Add("Sessions on Linux and macOS run as a user of the machine's, and none is named (-RunAsUser): they start for"
                + " callers only whose IAM user or role has the tag SSMSessionRunAs.");
        }

        return new Plan<SessionPreferenceDescription>(
            await CompareAsync(latest, before, after, cancellationToken).ConfigureAwait(false), ReadAsync)
        {
            Warnings = warnings,
        };
    }

    private static IEnumerable<string> CheckBroken(
        PreferenceDocument before, IReadOnlyDictionary<string, JsonNode> inputs, bool force, GetDocumentResponse? latest)
    {
        // What is set anew anyway needs no leave.
        string[] problems =
        [
            .. before.StructureFaults,
            .. before.InputFaults.Where(one => !inputs.ContainsKey(one.Input.Key)).Select(one => $"inputs.{one.Input.Key} {one.Fault}"),
        ];
        if (problems.Length == 0)
        {
            return [];
        }

        string list = string.Join("; ", problems);
        return force
            ? [$"The document was broken and is repaired; what was wrong is lost: {list}. Version {latest?.DocumentVersion} still has it."]
            : throw new EngineException(
                "PreferencesBroken",
                ErrorKind.InvalidOperation,
                $"The session preferences are kept as they are, since their document is broken: {list}.",
                "Look at it with (Get-SsmSessionPreference).Content. Set-SsmSessionPreference -Force repairs it: what is wrong "
                    + "gets AWS's own value, all else is kept.",
                PreferenceDocument.Name);
    }

    private async Task<IReadOnlyList<PlannedChange>> CompareAsync(
        GetDocumentResponse? latest, PreferenceDocument before, PreferenceDocument after, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> differences = before.DifferencesTo(after);
        string words = differences.Count > 0 ? string.Join("; ", differences) : "mend the document's form";
        if (latest is null)
        {
            return differences.Count == 0
                ? []
                : [new PlannedChange(Subject, $"Create {PreferenceDocument.Name} ({words})", stop => CreateAsync(after, stop))];
        }

        if (!before.IsSameAs(after))
        {
            return
            [
                new PlannedChange(
                    Subject, $"Update from version {latest.DocumentVersion} ({words})", stop => UpdateAsync(after, latest.DocumentVersion!, stop)),
            ];
        }

        GetDocumentResponse? used = await FetchAsync(null, cancellationToken).ConfigureAwait(false);
        return used is null || used.DocumentVersion == latest.DocumentVersion
            ? []
            :
            [
                new PlannedChange(
                    Subject,
                    $"Make version {latest.DocumentVersion} the default one instead of {used.DocumentVersion}",
                    stop => UseAsync(latest.DocumentVersion!, stop)),
            ];
    }

    private SessionPreferenceDescription Describe(GetDocumentResponse? latest) => latest is null
        ? PreferenceDocument.CreateDefault().Describe(_aws.Region, null, "")
        : PreferenceDocument.Read(latest.Content).Describe(_aws.Region, latest.DocumentVersion, latest.Content ?? "");

    private Task<GetDocumentResponse?> FetchAsync(string? version, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => _aws.Ssm.GetDocumentAsync(
            new GetDocumentRequest
            {
                Name = PreferenceDocument.Name,
                DocumentVersion = version,
                DocumentFormat = DocumentFormat.JSON,
            },
            token),
        PreferenceDocument.Name,
        ["InvalidDocument"],
        cancellationToken);

    private async Task CreateAsync(PreferenceDocument document, CancellationToken cancellationToken)
    {
        CreateDocumentRequest request = new()
        {
            Name = PreferenceDocument.Name,
            DocumentType = DocumentType.Session,
            DocumentFormat = DocumentFormat.JSON,
            Content = document.Text,
            Tags = [new Tag { Key = SsmToolsTag.Key, Value = "session-preferences" }],
        };
        if (await ServiceCall.TryAsync(
            token => _aws.Ssm.CreateDocumentAsync(request, token), PreferenceDocument.Name, ["DocumentAlreadyExists"], cancellationToken)
            .ConfigureAwait(false) is null)
        {
            CheckOurs(await FetchAsync("$LATEST", cancellationToken).ConfigureAwait(false), document);
        }
    }

    /// <summary>
    /// Changes the version that was compared and no other: what somebody else has changed since is not written over unseen.
    /// </summary>
    private async Task UpdateAsync(PreferenceDocument document, string compared, CancellationToken cancellationToken)
    {
        string[] refusals = ["DuplicateDocumentContent", "InvalidDocumentVersion"];
        string? version = await PutAsync(document, compared, refusals, cancellationToken).ConfigureAwait(false);
        if (version is null)
        {
            GetDocumentResponse? latest = await FetchAsync("$LATEST", cancellationToken).ConfigureAwait(false);
            version = latest?.DocumentVersion == compared
                ? await PutAsync(document.Stamped(_aws.Time.GetUtcNow()), compared, [], cancellationToken).ConfigureAwait(false)
                : CheckOurs(latest, document);
        }

        await UseAsync(version!, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is there although it was not before is ours where it says the same: an answer of the service's was lost.</summary>
    /// <returns>Its version.</returns>
    private static string CheckOurs(GetDocumentResponse? latest, PreferenceDocument document) =>
        latest is not null && PreferenceDocument.Read(latest.Content).Stamped(default).IsSameAs(document.Stamped(default))
            ? latest.DocumentVersion!
            : throw new EngineException(
                "PreferencesChanged",
                ErrorKind.ResourceBusy,
                "Somebody else has changed the session preferences since they were compared"
                    + $"{(latest is null ? "" : $", to version {latest.DocumentVersion}")}: they are left as they are now.",
                "Run the command again: it compares anew.",
                PreferenceDocument.Name);

    private async Task<string?> PutAsync(
        PreferenceDocument document, string compared, string[] codes, CancellationToken cancellationToken)
    {
        UpdateDocumentRequest request = new()
        {
            Name = PreferenceDocument.Name,
            Content = document.Text,
            DocumentVersion = compared,
            DocumentFormat = DocumentFormat.JSON,
        };
        UpdateDocumentResponse? made = await ServiceCall.TryAsync(
            token => _aws.Ssm.UpdateDocumentAsync(request, token), PreferenceDocument.Name, codes, cancellationToken).ConfigureAwait(false);
        return made?.DocumentDescription?.DocumentVersion;
    }

    private Task<UpdateDocumentDefaultVersionResponse> UseAsync(string version, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        token => _aws.Ssm.UpdateDocumentDefaultVersionAsync(
            new UpdateDocumentDefaultVersionRequest { Name = PreferenceDocument.Name, DocumentVersion = version }, token),
        PreferenceDocument.Name,
        cancellationToken);
}
