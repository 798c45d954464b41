using System.Text;
using System.Text.Json;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Logs;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Auditing;

/// <summary>
/// Finds what was logged of sessions, where the preferences (or the session's own document) say that it goes: an object
/// <c>prefix/session.log</c> of a bucket, or a stream with the session's name (Systems Manager User Guide, "Logging
/// session activity"). What is found first is taken, CloudWatch Logs before S3.
/// </summary>
/// <param name="context">Credentials, region and endpoints.</param>
/// <param name="warnings">Takes what could not be read, and why.</param>
internal sealed class SessionTexts(AwsContext context, List<string> warnings)
{
    private const string Preferences = "SSM-SessionManagerRunShell";
    private const int MostCharacters = 4 * 1024 * 1024;

    private readonly LogReader _reader = new(context);
    private readonly Dictionary<string, Places> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>What was logged of a session; null where nothing was found.</summary>
    public async Task<SessionText?> ReadAsync(string sessionId, string? documentName, CancellationToken cancellationToken)
    {
        Places places = await FindAsync(documentName ?? Preferences, cancellationToken).ConfigureAwait(false);
        SessionText? text = places.Group is { } group && !_closed.Contains(group)
            ? await TryAsync(group, isObject: false, () => ReadStreamAsync(group, sessionId, cancellationToken)).ConfigureAwait(false)
            : null;
        return text ?? (places.Bucket is { } bucket && !_closed.Contains(bucket)
            ? await TryAsync(bucket, isObject: true, () => ReadObjectAsync(bucket, places.Prefix, sessionId, cancellationToken)).ConfigureAwait(false)
            : null);
    }

    private async Task<Places> FindAsync(string document, CancellationToken cancellationToken)
    {
        if (_places.TryGetValue(document, out Places? known))
        {
            return known;
        }

        Places? places = null;
        try
        {
            GetDocumentResponse? answer = await ServiceCall.TryAsync(
                token => context.Ssm.GetDocumentAsync(new GetDocumentRequest { Name = document, DocumentVersion = "$LATEST" }, token),
                document,
                ["InvalidDocument"],
                cancellationToken).ConfigureAwait(false);
            places = Read(answer?.Content);
        }
        catch (EngineException e) when (e.Kind == ErrorKind.PermissionDenied)
        {
            warnings.Add($"AWS denied ssm:GetDocument on {document}: where sessions are logged is not known, and their text is missing.");
        }
        catch (EngineException e) when (e.Kind is not ErrorKind.AuthenticationError)
        {
            warnings.Add($"{document} could not be read: where sessions are logged is not known, and their text is missing. {e.Message}");
        }

        // A document without inputs of its own follows the preferences.
        places ??= document == Preferences ? new Places(null, "", null) : await FindAsync(Preferences, cancellationToken).ConfigureAwait(false);
        return _places[document] = places;
    }

    private static Places? Read(string? content)
    {
        if (PolicyJson.Parse(content) is not { } root || !root.TryGetProperty("inputs", out JsonElement inputs) || inputs.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return new Places(Text("s3BucketName"), Text("s3KeyPrefix") ?? "", Text("cloudWatchLogGroupName"));

        string? Text(string name) => inputs.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text ? text : null;
    }

    private async Task<SessionText?> TryAsync(string place, bool isObject, Func<Task<SessionText?>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (EngineException e) when (e.Kind == ErrorKind.ObjectNotFound && e.ErrorId is not ("BucketNotFound" or "LogGroupNotFound"))
        {
            return null;
        }
        catch (EngineException e) when (e.ErrorId == "LogGroupNotFound")
        {
            // Of a stream that is not there the same is said as of a group.
            return null;
        }
        catch (EngineException e)
        {
            // Whoever may not list a bucket is denied what is not in it, too: that says nothing of other sessions.
            if (!isObject || e.Kind != ErrorKind.PermissionDenied)
            {
                _closed.Add(place);
            }

            if (_told.Add(place))
            {
                warnings.Add($"What is logged in {place} could not be read: {e.Message}");
            }

            return null;
        }
    }

    private async Task<SessionText?> ReadStreamAsync(string group, string sessionId, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        await foreach (LogLine line in _reader.ReadStreamAsync(group, sessionId, cancellationToken).ConfigureAwait(false))
        {
            if (text.Length >= MostCharacters)
            {
                return new SessionText($"logs:{group}/{sessionId}", text.ToString(), true);
            }

            Append(text, line.Message);
        }

        return text.Length == 0 ? null : new SessionText($"logs:{group}/{sessionId}", text.ToString(), false);
    }

    // What is streamed comes as records that hold lines; what is sent at the end is text.
    private static void Append(StringBuilder text, string message)
    {
        if (message.StartsWith('{') && PolicyJson.Parse(message) is { } record && record.TryGetProperty("sessionData", out _))
        {
            foreach (string line in PolicyJson.Texts(record, "sessionData"))
            {
                text.Append(line).Append('\n');
            }

            return;
        }

        text.Append(message);
        if (!message.EndsWith('\n'))
        {
            text.Append('\n');
        }
    }

    private async Task<SessionText?> ReadObjectAsync(string bucket, string prefix, string sessionId, CancellationToken cancellationToken)
    {
        string folder = prefix.Trim('/');
        string key = $"{folder}{(folder.Length > 0 ? "/" : string.Empty)}{sessionId}.log";
        StringBuilder text = new();
        await foreach (string piece in _reader.ReadObjectAsync(bucket, key, cancellationToken).ConfigureAwait(false))
        {
            if (text.Length >= MostCharacters)
            {
                return new SessionText($"s3://{bucket}/{key}", text.ToString(), true);
            }

            text.Append(piece);
        }

        return new SessionText($"s3://{bucket}/{key}", text.ToString(), false);
    }

    private sealed record Places(string? Bucket, string Prefix, string? Group);
}
