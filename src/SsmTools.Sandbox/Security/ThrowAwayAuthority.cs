using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SsmTools.Sandbox.Security;

/// <summary>
/// A certificate authority for one run: it signs one certificate for this machine's loopback names, and its private key
/// is gone before anybody can ask for it. Trusting it beyond the run gives nobody anything.
/// </summary>
internal sealed class ThrowAwayAuthority : IDisposable
{
    /// <summary>The authority's name: by it a file that may be written over is known.</summary>
    public const string Name = "CN=SsmTools sandbox throw-away authority";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Clocks of containers and virtual machines are off by minutes, not by days.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(90);

    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _server;

    private ThrowAwayAuthority(X509Certificate2 authority, X509Certificate2 server)
    {
        _authority = authority;
        _server = server;
        Options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(server, [authority], offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            ClientCertificateRequired = false,
        };
    }

    /// <summary>What a server needs to speak TLS with its certificate.</summary>
    public SslServerAuthenticationOptions Options { get; }

    /// <summary>The authority's certificate, for those who are to trust it: PEM.</summary>
    public string Pem => _authority.ExportCertificatePem() + "\n";

    /// <summary>Makes an authority and its certificate for <c>localhost</c>, <c>127.0.0.1</c> and <c>::1</c>.</summary>
    /// <param name="timeProvider">Real time: clients hold the certificates against theirs.</param>
    public static ThrowAwayAuthority Create(TimeProvider timeProvider)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 signer = Authority(authorityKey)
            .CreateSelfSigned(now - s_margin, now + s_lifetime + s_margin);
        using ECDsa serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 server = Server(serverKey, signer)
            .Create(signer, now - s_margin, now + s_lifetime, RandomNumberGenerator.GetBytes(16));
        return new ThrowAwayAuthority(new X509Certificate2(signer.RawData), WithKey(server, serverKey));
    }

    public void Dispose()
    {
        _server.Dispose();
        _authority.Dispose();
    }

    private static CertificateRequest Authority(ECDsa key)
    {
        CertificateRequest request = new(Name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static CertificateRequest Server(ECDsa key, X509Certificate2 signer)
    {
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(signer, true, false));
        return request;
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, ECDsa key)
    {
        X509Certificate2 whole = certificate.CopyWithPrivateKey(key);
        if (OperatingSystem.IsLinux())
        {
            return whole;
        }

        // The systems' own TLS on Windows and macOS takes no key that was never imported.
        using (whole)
        {
            return new X509Certificate2(whole.Export(X509ContentType.Pfx));
        }
    }
}
