using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Security;

/// <summary>
/// Lets a request in or not: Signature Version 4 in the header or in the query, recomputed from what really came. Throws
/// <see cref="ServiceError"/> with the code and status of the protocol of the service that the signature is for.
/// </summary>
/// <param name="credentials">The key pairs that count.</param>
/// <param name="clock">The time at which AWS lives.</param>
/// <param name="region">The region to sign for.</param>
/// <param name="machines">The machines that sign with keys of their own; null where there are none.</param>
internal sealed class SignatureVerifier(
    CredentialStore credentials, TimeProvider clock, string region, MachineSignatures? machines = null)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string Storage = "s3";
    private const int LongestPresigned = 7 * 24 * 3600;

    /// <summary>What decides on the meaning of a request must be under the signature.</summary>
    private static readonly string[] s_mustSign = ["host", "x-amz-date", "x-amz-target"];

    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(5);

    /// <summary>The protocol in which refusals of a request are worded.</summary>
    public static WireProtocol ProtocolOf(HttpRequest request)
    {
        return RequestSignature.Read(request)?.Service switch
        {
            "ec2" => WireProtocol.Ec2,
            "iam" or "sns" or "sts" => WireProtocol.Query,
            Storage => WireProtocol.RestXml,
            "scheduler" => WireProtocol.RestJson,
            null when !request.Headers.Contains("X-Amz-Target") && request.RawPath == "/" => WireProtocol.Query,
            _ => WireProtocol.Json,
        };
    }

    /// <summary>Who signed the request, for one of these services (any, when none is named).</summary>
    public Principal Verify(HttpRequest request, params string[] services)
    {
        ArgumentNullException.ThrowIfNull(request);
        WireProtocol protocol = ProtocolOf(request);
        if (!RequestSignature.IsPresent(request))
        {
            throw SignatureErrors.Create(SignatureFault.Missing, protocol);
        }

        RequestSignature signature = RequestSignature.Read(request) ?? throw SignatureErrors.Create(SignatureFault.Incomplete, protocol);
        CheckHeaders(request, signature, protocol);
        if (machines?.Owns(signature) == true)
        {
            CheckScope(signature, protocol, services);
            CheckTime(signature, protocol);
            return machines.Verify(signature, ToSign(request, signature)) ?? throw SignatureErrors.Create(SignatureFault.WrongSignature, protocol);
        }

        Credential credential = credentials.Find(signature.AccessKeyId) ?? throw SignatureErrors.Create(SignatureFault.UnknownKey, protocol);
        CheckScope(signature, protocol, services);
        CheckTime(signature, protocol);
        byte[] key = SigningKey(signature, credential.SecretAccessKey);
        if (!Same(signature.Signature, Mac(key, ToSign(request, signature))))
        {
            throw SignatureErrors.Create(SignatureFault.WrongSignature, protocol);
        }

        if (!Same(signature.SessionToken ?? "", credential.SessionToken ?? ""))
        {
            throw SignatureErrors.Create(SignatureFault.UnknownKey, protocol);
        }

        if (credential.Expires <= clock.GetUtcNow())
        {
            throw SignatureErrors.Create(SignatureFault.Expired, protocol);
        }

        if (signature.Service == Storage)
        {
            StreamedPayload.Open(request, signature, text => Mac(key, text));
        }

        return credential.Principal;
    }

    private static void CheckHeaders(HttpRequest request, RequestSignature signature, WireProtocol protocol)
    {
        bool inOrder = signature.SignedHeaders
            .Zip(signature.SignedHeaders.Skip(1)).All(pair => string.CompareOrdinal(pair.First, pair.Second) < 0);
        bool lower = signature.SignedHeaders.All(name => !name.Any(char.IsUpper));
        bool covered = s_mustSign.All(name => !request.Headers.Contains(name) || signature.SignedHeaders.Contains(name));
        if (!inOrder || !lower || !covered)
        {
            throw SignatureErrors.Create(
                SignatureFault.Incomplete, protocol, "'host', 'x-amz-date' and 'x-amz-target' must be among the SignedHeaders, in order.");
        }

        if (signature.Service == Storage)
        {
            StreamedPayload.Check(request, signature);
            return;
        }

        // The hash is always taken from the body itself; a stated one may not say otherwise.
        if (request.Headers["X-Amz-Content-Sha256"] is string stated
            && !Same(stated.ToLowerInvariant(), Convert.ToHexString(SHA256.HashData(request.Body)).ToLowerInvariant()))
        {
            throw SignatureErrors.Create(SignatureFault.WrongSignature, protocol);
        }
    }

    private static string ToSign(HttpRequest request, RequestSignature signature)
    {
        bool isStorage = signature.Service == Storage;
        string canonical = CanonicalRequest.Build(
            request,
            signature.SignedHeaders,
            signature.ExpiresIn is not null,
            isStorage ? StreamedPayload.Stated(request, signature) : null,
            isStorage);
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))).ToLowerInvariant();
        return $"{RequestSignature.Algorithm}\n{signature.Time}\n{signature.Scope}\n{hash}";
    }

    private static byte[] SigningKey(RequestSignature signature, string secret)
    {
        byte[] key = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (string part in new[] { signature.Day, signature.Region, signature.Service, "aws4_request" })
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return key;
    }

    private static string Mac(byte[] key, string text) =>
        Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))).ToLowerInvariant();

    private static bool Same(string a, string b)
    {
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
    }

    private void CheckScope(RequestSignature signature, WireProtocol protocol, string[] services)
    {
        if (services.Length > 0 && !services.Contains(signature.Service))
        {
            throw SignatureErrors.Create(
                SignatureFault.WrongSignature, protocol, $"Credential should be scoped to correct service: '{services[0]}'. ");
        }

        // IAM and STS also live in us-east-1, wherever the rest is.
        bool global = signature.Service is "iam" or "sts" && signature.Region is "us-east-1" or "aws-global";

        // Buckets are in many regions: which one is asked is in the signature, and S3 itself says where a bucket is.
        if (signature.Region != region && !global && signature.Service != Storage)
        {
            throw SignatureErrors.Create(
                SignatureFault.WrongSignature, protocol,
                protocol == WireProtocol.Ec2 ? null : $"Credential should be scoped to a valid region, not '{signature.Region}'. ");
        }
    }

    private void CheckTime(RequestSignature signature, WireProtocol protocol)
    {
        if (!DateTimeOffset.TryParseExact(
            signature.Time, TimeFormat, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset signed))
        {
            throw SignatureErrors.Create(SignatureFault.Incomplete, protocol, "Date must be in ISO-8601 'basic format'.");
        }

        if (!signature.Time.StartsWith(signature.Day, StringComparison.Ordinal) || signature.Day.Length != 8)
        {
            throw SignatureErrors.Create(
                SignatureFault.WrongSignature, protocol,
                $"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{signature.Day}' != "
                    + $"'{signature.Time.Split('T')[0]}', from '{signature.Time}'.");
        }

        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset last = signed + s_skew;
        if (signature.ExpiresIn is string expires)
        {
            if (!int.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds is 0 or > LongestPresigned)
            {
                throw SignatureErrors.Create(SignatureFault.Incomplete, protocol, "X-Amz-Expires must be between 1 and 604800 seconds.");
            }

            last = signed.AddSeconds(seconds);
        }

        if (now > last)
        {
            throw Late($"Signature expired: {signature.Time} is now earlier than {Text(now - s_skew)} ({Text(now)} - 5 min.)");
        }

        if (signed > now + s_skew)
        {
            throw Late($"Signature not yet current: {signature.Time} is still later than {Text(now + s_skew)} ({Text(now)} + 5 min.)");
        }

        ServiceError Late(string message)
        {
            return SignatureErrors.Create(SignatureFault.WrongTime, protocol, protocol == WireProtocol.Ec2 ? null : message);
        }

        static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
    }
}
