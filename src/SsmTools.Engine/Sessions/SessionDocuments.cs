using Amazon.Runtime;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Sessions;

/// <summary>The session documents of the account and of AWS.</summary>
public sealed class SessionDocuments
{
    private readonly AwsContext _context;

    /// <summary>Creates the reader.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    public SessionDocuments(AwsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
    }

    /// <summary>Reads a document.</summary>
    /// <param name="name">Its name, or its ARN where another account shares it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where the caller may not read it, which StartSession does not ask for, or it is written in some other way.</returns>
    /// <exception cref="EngineException">DocumentNotFound, or what else the service refused.</exception>
    public async Task<SessionDocument?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            GetDocumentResponse? response = await ServiceCall.TryAsync(
                token => _context.Ssm.GetDocumentAsync(
                    new GetDocumentRequest
                    {
                        Name = name,
                        DocumentVersion = "$LATEST", // what StartSession uses (aws/session-manager-plugin#112)
                        DocumentFormat = DocumentFormat.JSON,
                    },
                    token),
                name,
                ServiceCodes.Denied,
                cancellationToken).ConfigureAwait(false);
            return response?.Content is { } content ? SessionDocument.Parse(name, content) : null;
        }
        catch (EngineException e) when (e.ErrorId == "DocumentNotFound")
        {
            throw await NotFoundAsync(e, name, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lists them by name: the account's own first, then AWS's.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException">What the service refused.</exception>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        ListAsync(DocumentType.Session, cancellationToken);

    /// <summary>Lists documents of any type by name: the account's own first, then AWS's.</summary>
    internal async Task<IReadOnlyList<string>> ListAsync(string type, CancellationToken cancellationToken)
    {
        ListDocumentsRequest request = new()
        {
            Filters = [new DocumentKeyValuesFilter { Key = "DocumentType", Values = [type] }],
        };
        List<DocumentIdentifier> found = await ServiceCall.ListAsync(
            token => _context.Ssm.ListDocumentsItemsAsync(request, token), null, cancellationToken).ConfigureAwait(false);
        return
        [
            .. found.OrderBy(document => document.Owner == "Amazon")
                .ThenBy(document => document.Name, StringComparer.OrdinalIgnoreCase)
                .Select(document => document.Name!),
        ];
    }

    /// <summary>
    /// Checks before a session for a terminal is started what can be checked: that the document is there, makes no
    /// tunnel, and takes the parameters.
    /// </summary>
    /// <exception cref="EngineException">DocumentNotFound, NotAShellSession, InvalidDocumentParameter.</exception>
    internal async Task CheckAsync(ShellSessionOptions options, CancellationToken cancellationToken)
    {
        if (options.DocumentName is { } name && !IsWellKnown(options)
            && await ReadAsync(name, cancellationToken).ConfigureAwait(false) is { } document)
        {
            if (document.SessionType == SessionType.Port)
            {
                throw NotAShell(name, options.Target);
            }

            document.Check(options.Parameters);
        }
    }

    /// <summary>A document that makes a tunnel was named for a terminal.</summary>
    internal static EngineException NotAShell(string? name, string target) => new(
        "NotAShellSession",
        ErrorKind.InvalidArgument,
        $"The session document {name} makes a tunnel to {target}, not a shell.",
        "Name a document of type Standard_Stream, InteractiveCommands or NonInteractiveCommands, or none.",
        target);

    /// <summary>The service's refusal of a document or its parameters, with those that there are.</summary>
    internal async Task<EngineException> ExplainAsync(
        EngineException refusal, string name, CancellationToken cancellationToken)
    {
        if (refusal.ErrorId == "DocumentNotFound")
        {
            return await NotFoundAsync(refusal, name, cancellationToken).ConfigureAwait(false);
        }

        SessionDocument? document = refusal.InnerException is AmazonServiceException { ErrorCode: "InvalidParameters" or "ValidationException" }
            ? await ReadAsync(name, cancellationToken).ConfigureAwait(false)
            : null;
        return document?.Refusal($"does not take these parameters: {refusal.InnerException!.Message.TrimEnd('.')}", refusal)
            ?? refusal;
    }

    /// <summary>With the one command that this module fills in itself nothing can be wrong, and a call is saved.</summary>
    private static bool IsWellKnown(ShellSessionOptions options) =>
        options.DocumentName == ShellSessionOptions.CommandDocument && options.Parameters is { Count: 1 } && options.Parameters.ContainsKey("command");

    private async Task<EngineException> NotFoundAsync(EngineException e, string name, CancellationToken cancellationToken)
    {
        string list;
        try
        {
            IReadOnlyList<string> names = await ListAsync(cancellationToken).ConfigureAwait(false);
            list = names.Count == 0 ? "" : $" There are: {string.Join(", ", names.Take(12))}{(names.Count > 12 ? ", …" : "")}.";
        }
        catch (EngineException)
        {
            list = "";
        }

        return new EngineException(
            e.ErrorId,
            e.Kind,
            $"There is no session document {name} in {_context.Region}.",
            $"Check the name and the region (-Region).{list}",
            name,
            e.InnerException);
    }
}
