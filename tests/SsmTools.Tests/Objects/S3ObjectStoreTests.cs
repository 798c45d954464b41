using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Logs;
using SsmTools.Engine.Objects;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Objects;

/// <summary>What the engine asks of S3, and S3's own library as a judge of the sandbox's.</summary>
public sealed class S3ObjectStoreTests
{
    [Fact]
    public async Task Objects_are_listed_over_many_pages_and_read_in_pieces()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        byte[] bytes = new byte[(5 * 1024 * 1024) + 17];
        new Random(6).NextBytes(bytes);
        BucketRecord bucket = MakeBucket(sandbox, "logs");
        Put(bucket, "big", bytes);
        Put(bucket, "empty", []);
        for (int i = 0; i < 1100; i++)
        {
            Put(bucket, $"many/{i:D4}", [1]);
        }

        IObjectStore store = sandbox.Aws.Objects;
        List<ObjectEntry> listed = await ListAsync(store.ListAsync("logs", "many/", TestTimeout.Token));
        Assert.Equal(1100, listed.Count);
        Assert.Equal(("many/1099", 1L), (listed[^1].Key, listed[^1].Size));

        using MemoryStream read = new();
        int largest = 0;
        await foreach (ReadOnlyMemory<byte> piece in store.ReadAsync("logs", "big", TestTimeout.Token))
        {
            read.Write(piece.Span);
            largest = Math.Max(largest, piece.Length);
        }

        Assert.Equal(bytes, read.ToArray());
        Assert.Equal(1024 * 1024, largest);
        Assert.Empty(await ListAsync(store.ReadAsync("logs", "empty", TestTimeout.Token)));
        Assert.Equal(["logs"], await ListAsync(store.ListBucketsAsync("lo", TestTimeout.Token)));
        Assert.Equal(sandbox.Host.Facts.Region, await store.ReadRegionAsync("logs", TestTimeout.Token));
        Assert.Equal(new BucketEncryption("AES256", null), await store.ReadEncryptionAsync("logs", TestTimeout.Token));
    }

    [Fact]
    public async Task A_bucket_in_another_region_is_asked_there()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        Put(MakeBucket(sandbox, "far-logs", "us-west-2"), "x", "far"u8.ToArray());
        LogReader reader = new(sandbox.Aws);
        Assert.Equal(["far"], await ListAsync(reader.ReadObjectAsync("far-logs", "x", TestTimeout.Token)));
        Assert.Equal("us-west-2", await sandbox.Aws.Objects.ReadRegionAsync("far-logs", TestTimeout.Token));
    }

    [Fact]
    public async Task Text_is_whole_where_a_piece_ends_within_a_character()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        string text = string.Concat(Enumerable.Repeat("€", 700_000));
        BucketRecord bucket = MakeBucket(sandbox, "logs");
        Put(bucket, "x", System.Text.Encoding.UTF8.GetBytes(text));
        Put(bucket, "cut", [0xE2, 0x82]);
        LogReader reader = new(sandbox.Aws);
        Assert.Equal(text, string.Concat(await ListAsync(reader.ReadObjectAsync("logs", "x", TestTimeout.Token))));
        Assert.Equal("\uFFFD", string.Concat(await ListAsync(reader.ReadObjectAsync("logs", "cut", TestTimeout.Token))));
    }

    [Fact]
    public async Task An_object_that_is_replaced_meanwhile_is_no_mixture()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        BucketRecord bucket = MakeBucket(sandbox, "logs");
        Put(bucket, "x", new byte[2 * 1024 * 1024]);
        await using IAsyncEnumerator<ReadOnlyMemory<byte>> pieces =
            sandbox.Aws.Objects.ReadAsync("logs", "x", TestTimeout.Token).GetAsyncEnumerator(TestTimeout.Token);
        Assert.True(await pieces.MoveNextAsync());
        Put(bucket, "x", new byte[3 * 1024 * 1024]);
        EngineException e = await Assert.ThrowsAsync<EngineException>(async () => await pieces.MoveNextAsync());
        Assert.Contains("PreconditionFailed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_or_not_allowed_is_said_by_name()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        MakeBucket(sandbox, "logs");
        EngineException e = await FailAsync(sandbox.Aws, "none", "x");
        Assert.Equal(("BucketNotFound", ErrorKind.ObjectNotFound), (e.ErrorId, e.Kind));
        e = await FailAsync(sandbox.Aws, "logs", "x");
        Assert.Equal(("ObjectNotFound", "s3://logs/x"), (e.ErrorId, e.Target));

        await sandbox.CreateProfileAsync("web");
        Credential few = sandbox.Host.Credentials.IssueRole(sandbox.Host.World.Roles["web"], "one", TimeSpan.FromHours(1));
        using AwsContext weak = AwsContext.Create(new AwsOptions
        {
            EndpointUrl = sandbox.Host.Facts.Endpoint,
            Region = sandbox.Host.Facts.Region,
            AccessKey = few.AccessKeyId,
            SecretKey = few.SecretAccessKey,
            SessionToken = few.SessionToken,
        });
        e = await FailAsync(weak, "logs", "x");
        Assert.Equal(("AccessDenied", ErrorKind.PermissionDenied), (e.ErrorId, e.Kind));
        Assert.Contains("s3:GetObject", e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<EngineException>(() => weak.Objects.ReadEncryptionAsync("logs", TestTimeout.Token));
        Assert.Contains("s3:GetEncryptionConfiguration", e.Message, StringComparison.Ordinal);
    }

    /// <summary>The library signs uploads chunk by chunk, as no other client here does.</summary>
    [Fact]
    public async Task The_sandbox_takes_what_the_library_uploads_in_signed_chunks()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        using AmazonS3Client client = new(
            new BasicAWSCredentials(sandbox.Host.Facts.AccessKeyId, sandbox.Host.Facts.SecretAccessKey),
            new AmazonS3Config
            {
                ServiceURL = sandbox.Host.Facts.Endpoint,
                AuthenticationRegion = sandbox.Host.Facts.Region,
                ForcePathStyle = true,
            });
        await client.PutBucketAsync(new PutBucketRequest { BucketName = "chunks", BucketRegionName = sandbox.Host.Facts.Region }, TestTimeout.Token);
        byte[] bytes = new byte[300_000];
        new Random(6).NextBytes(bytes);
        await client.PutObjectAsync(
            new PutObjectRequest { BucketName = "chunks", Key = "x", InputStream = new MemoryStream(bytes), UseChunkEncoding = true },
            TestTimeout.Token);
        Assert.Equal(bytes, sandbox.Host.World.Buckets["chunks"].Objects["x"].Content);
        await client.DeleteObjectAsync("chunks", "x", TestTimeout.Token);
        Assert.Empty(sandbox.Host.World.Buckets["chunks"].Objects);
    }

    private static BucketRecord MakeBucket(TestSandbox sandbox, string name, string? region = null)
    {
        BucketRecord bucket = new() { Name = name, Region = region ?? sandbox.Host.World.Region, Created = sandbox.Host.World.Now };
        lock (sandbox.Host.World.Gate)
        {
            sandbox.Host.World.Buckets.Add(name, bucket);
        }

        return bucket;
    }

    private static void Put(BucketRecord bucket, string key, byte[] content) => bucket.Objects[key] = new ObjectRecord(
        content, $"\"{Guid.NewGuid():N}\"", "text/plain", new Dictionary<string, string>(), null, DateTimeOffset.UnixEpoch);

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        List<T> list = [];
        await foreach (T item in items)
        {
            list.Add(item);
        }

        return list;
    }

    private static Task<EngineException> FailAsync(AwsContext aws, string bucket, string key) =>
        Assert.ThrowsAsync<EngineException>(async () => await ListAsync(aws.Objects.ReadAsync(bucket, key, TestTimeout.Token)));
}
