using System.Security.Cryptography;
using System.Text;

namespace SsmTools.Sandbox.Gateway;

/// <summary>The tokens that open channels: each for one channel and side, for one use, and for a short time.</summary>
internal sealed class ChannelTokens(TimeProvider clock)
{
    /// <summary>Tokens that one side of a channel may hold unused; the oldest goes first.</summary>
    private const int MaxUnused = 16;

    /// <summary>Enough to connect with, reconnects of the plugin included, which use one token for several tries.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(1);

    private readonly object _gate = new();
    private readonly Dictionary<ChannelKey, List<(byte[] Token, DateTimeOffset Expires)>> _tokens = [];

    /// <summary>A new token for one side of a channel.</summary>
    public string Issue(ChannelKey channel)
    {
        string token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_tokens.TryGetValue(channel, out List<(byte[] Token, DateTimeOffset Expires)>? unused))
            {
                _tokens.Add(channel, unused = []);
            }

            unused.RemoveAll(one => one.Expires <= now);
            if (unused.Count == MaxUnused)
            {
                unused.RemoveAt(0);
            }

            unused.Add((Encoding.ASCII.GetBytes(token), now + s_lifetime));
        }

        return token;
    }

    /// <summary>Whether the token opens this side of the channel. It does so once.</summary>
    public bool TryRedeem(ChannelKey channel, string? token)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(token ?? "");
        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_tokens.TryGetValue(channel, out List<(byte[] Token, DateTimeOffset Expires)>? unused))
            {
                return false;
            }

            int found = unused.FindIndex(one => CryptographicOperations.FixedTimeEquals(one.Token, bytes));
            bool isValid = found >= 0 && now < unused[found].Expires;
            if (found >= 0)
            {
                unused.RemoveAt(found);
            }

            return isValid;
        }
    }

    /// <summary>Takes back whatever was issued for a channel's side.</summary>
    public void Revoke(ChannelKey channel)
    {
        lock (_gate)
        {
            _tokens.Remove(channel);
        }
    }
}
