using System.Security.Cryptography;
using System.Text;

namespace SsmTools.Sandbox.Metadata;

/// <summary>The session tokens of one instance's metadata endpoint.</summary>
internal sealed class MetadataTokens(TimeProvider clock)
{
    /// <summary>More than any program holds; the oldest goes first.</summary>
    private const int MaxTokens = 1000;

    private readonly object _gate = new();
    private readonly Queue<(byte[] Token, DateTimeOffset Expires)> _tokens = new();

    /// <summary>A new token.</summary>
    public string Issue(TimeSpan lifetime)
    {
        string token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(42)).Replace('+', '-').Replace('/', '_');
        lock (_gate)
        {
            if (_tokens.Count == MaxTokens)
            {
                _tokens.Dequeue();
            }

            _tokens.Enqueue((Encoding.ASCII.GetBytes(token), clock.GetUtcNow() + lifetime));
        }

        return token;
    }

    /// <summary>Whether the token was issued here and has not expired.</summary>
    public bool IsValid(string token)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(token);
        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
        {
            return _tokens.Any(one => now < one.Expires && CryptographicOperations.FixedTimeEquals(one.Token, bytes));
        }
    }
}
