using Amazon.Runtime;

namespace SsmTools.Engine.Aws;

/// <summary>
/// Credentials that must be fetched before each use (a role, single sign-on, a program), with an error that says whose
/// they are and what to do when that fails.
/// </summary>
internal sealed class CheckedCredentials : AWSCredentials, IDisposable
{
    private readonly AWSCredentials _inner;
    private readonly string _source;
    private readonly string _recommendation;
    private readonly string _errorId;

    /// <summary>Wraps credentials.</summary>
    /// <param name="inner">Where they come from.</param>
    /// <param name="source">What they belong to, for the message.</param>
    /// <param name="recommendation">What to do when they cannot be had.</param>
    /// <param name="errorId">The error's id.</param>
    public CheckedCredentials(
        AWSCredentials inner, string source, string recommendation, string errorId = "CredentialsUnavailable")
    {
        (_inner, _source, _recommendation, _errorId) = (inner, source, recommendation, errorId);
    }

    public override ImmutableCredentials GetCredentials()
    {
        try
        {
            return _inner.GetCredentials();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Explain(e);
        }
    }

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            return await _inner.GetCredentialsAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Explain(e);
        }
    }

    public void Dispose() => (_inner as IDisposable)?.Dispose();

    private EngineException Explain(Exception e) => new(
        _errorId,
        ErrorKind.AuthenticationError,
        $"No valid credentials could be had for the {_source}: {Cause(e)}",
        _recommendation,
        innerException: e);

    // AWSSDK.Core says what it tried; why it failed is further inside.
    private static string Cause(Exception e) =>
        e.InnerException is null ? e.Message : AwsErrors.Translate(e.InnerException, null).Message;
}
