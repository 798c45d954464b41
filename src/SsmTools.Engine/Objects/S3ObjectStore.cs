using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Model;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Runtime;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Objects;

/// <summary>S3 by AWSSDK.S3. Nothing else names that library.</summary>
/// <param name="credentials">Who asks.</param>
/// <param name="configure">Where S3 is in a Region; null for the caller's own.</param>
internal sealed class S3ObjectStore(AWSCredentials credentials, Func<string?, AwsClientConfig> configure) : IObjectStore
{
    public static readonly AwsService Service = new("S3", "s3", "2006-03-01", WireProtocol.Query, null);

    private const int PieceBytes = 1024 * 1024;
    private const string RegionField = "x-amz-bucket-region";

    private readonly ConcurrentDictionary<string, Lazy<AmazonS3Client>> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _places = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<string> ListBucketsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListBucketsRequest request = new() { Prefix = prefix.Length == 0 ? null : prefix, MaxBuckets = 1000 };
        do
        {
            ListBucketsResponse page = await ServiceCall.RunAsync(
                token => NotedAsync("ListAllMyBuckets", "", client => client.ListBucketsAsync(request, token)), null, cancellationToken)
                .ConfigureAwait(false);
            foreach (S3Bucket bucket in page.Buckets ?? [])
            {
                yield return bucket.BucketName;
            }

            request.ContinuationToken = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(request.ContinuationToken));
    }

    public async Task<string> ReadRegionAsync(string bucket, CancellationToken cancellationToken)
    {
        HeadBucketResponse head = await CallAsync(
            "ListBucket", bucket, (client, token) => client.HeadBucketAsync(new HeadBucketRequest { BucketName = bucket }, token), cancellationToken)
            .ConfigureAwait(false);
        return head.BucketRegion is { Length: > 0 } region ? region : _places.GetValueOrDefault(bucket) ?? configure(null).AuthenticationRegion;
    }

    public async Task<BucketEncryption> ReadEncryptionAsync(string bucket, CancellationToken cancellationToken)
    {
        GetBucketEncryptionResponse? answer = await ServiceCall.TryAsync(
            token => RoutedAsync(
                "GetEncryptionConfiguration",
                bucket,
                client => client.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = bucket }, token)),
            bucket,
            ["ServerSideEncryptionConfigurationNotFoundError"],
            cancellationToken).ConfigureAwait(false);
        ServerSideEncryptionByDefault? rule = answer?.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules?
            .Find(one => one.ServerSideEncryptionByDefault is not null)?.ServerSideEncryptionByDefault;
        return new BucketEncryption(rule?.ServerSideEncryptionAlgorithm?.Value, rule?.ServerSideEncryptionKeyManagementServiceKeyId);
    }

    public async IAsyncEnumerable<ObjectEntry> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = new() { BucketName = bucket, Prefix = prefix };
        bool isMore;
        do
        {
            ListObjectsV2Response page = await CallAsync(
                "ListBucket", bucket, (client, token) => client.ListObjectsV2Async(request, token), cancellationToken).ConfigureAwait(false);
            foreach (S3Object one in page.S3Objects ?? [])
            {
                yield return new ObjectEntry(one.Key, one.Size ?? 0, one.LastModified?.ToUniversalTime() ?? DateTime.UnixEpoch);
            }

            isMore = page.IsTruncated == true;
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (isMore);
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string bucket, string key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] piece = new byte[PieceBytes];
        string? tag = null;
        long position = 0;
        long total = long.MaxValue;
        while (position < total)
        {
            GetObjectRequest request = new()
            {
                BucketName = bucket,
                Key = key,
                ByteRange = new ByteRange(position, position + PieceBytes - 1),
                EtagToMatch = tag,
            };
            using GetObjectResponse? answer = await ServiceCall.TryAsync(
                token => RoutedAsync("GetObject", bucket, client => client.GetObjectAsync(request, token)),
                $"s3://{bucket}/{key}",
                ["InvalidRange"], // of an object without a byte every range is one
                cancellationToken).ConfigureAwait(false);
            if (answer is null)
            {
                yield break;
            }

            tag = answer.ETag;
            int count = 0;
            int read;
            while ((read = await answer.ResponseStream.ReadAsync(piece.AsMemory(count), cancellationToken).ConfigureAwait(false)) > 0)
            {
                count += read;
            }

            position += count;
            total = Total(answer.ContentRange) ?? position;
            if (count == 0)
            {
                yield break;
            }

            yield return piece.AsMemory(0, count);
        }
    }

    public void Dispose()
    {
        foreach (Lazy<AmazonS3Client> client in _clients.Values.Where(one => one.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    /// <summary>The whole length, in <c>bytes 0-9/100</c>.</summary>
    private static long? Total(string? range) =>
        range?.Split('/') is [_, string total] && long.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? length
            : null;

    /// <summary>The Region that a refusal names, where it was refused for being asked in another one.</summary>
    private static string? Elsewhere(AmazonS3Exception refusal)
    {
        bool isElsewhere = (int)refusal.StatusCode == 301 || refusal.ErrorCode is "PermanentRedirect" or "AuthorizationHeaderMalformed";
        string? told = (refusal.InnerException as HttpErrorResponseException)?.Response?.GetHeaderValue(RegionField);
        return isElsewhere ? told : null;
    }

    private Task<T> CallAsync<T>(
        string action, string bucket, Func<AmazonS3Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        ServiceCall.RunAsync(
            token => RoutedAsync(action, bucket, client => call(client, token)), $"s3://{bucket}", cancellationToken);

    /// <summary>Asks where the bucket is; once more, if S3 says that it is elsewhere.</summary>
    private async Task<T> RoutedAsync<T>(string action, string bucket, Func<AmazonS3Client, Task<T>> call)
    {
        string asked = _places.GetValueOrDefault(bucket, "");
        try
        {
            return await NotedAsync(action, asked, call).ConfigureAwait(false);
        }
        catch (AmazonS3Exception refusal) when (Elsewhere(refusal) is { Length: > 0 } region && region != asked)
        {
            _places[bucket] = region;
            return await NotedAsync(action, region, call).ConfigureAwait(false);
        }
    }

    private async Task<T> NotedAsync<T>(string action, string region, Func<AmazonS3Client, Task<T>> call)
    {
        AmazonS3Client client = _clients.GetOrAdd(region, one => new Lazy<AmazonS3Client>(() => Create(one))).Value;
        try
        {
            return await call(client).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            AwsErrors.Annotate(e, $"s3:{action}", client.Config.ServiceURL);
            throw;
        }
    }

    private AmazonS3Client Create(string region)
    {
        AwsClientConfig ours = configure(region.Length == 0 ? null : region);
        return new AmazonS3Client(credentials, new AmazonS3Config
        {
            ServiceURL = ours.ServiceURL,
            AuthenticationRegion = ours.AuthenticationRegion,

            // Whatever is not S3's own address serves one name, and no buckets' names below it.
            ForcePathStyle = !new Uri(ours.ServiceURL).Host.StartsWith("s3.", StringComparison.Ordinal),
            HttpClientFactory = ours.HttpClientFactory,
            IgnoreConfiguredEndpointUrls = true,
            MaxErrorRetry = ours.MaxErrorRetry,
            MaxStaleConnectionRetries = 0,
            RetryMode = RequestRetryMode.Standard,
            DisableLogging = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            DisableS3ExpressSessionAuth = true,
            UseDualstackEndpoint = false,
            UseFIPSEndpoint = false,
            ClientAppId = string.Empty,
            AuthSchemePreference = [],
        });
    }
}
