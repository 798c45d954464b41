using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Engine;
using SsmTools.Engine.Auditing;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Auditing;

public sealed class SessionLogTests
{
    [Fact]
    public async Task Sessions_are_told_with_names_times_and_what_the_trail_knows()
    {
        await using ProvisioningAccount account = new();
        InstanceRecord node = WorldFleet.Add(account.World, account.World.Seed.Isolated[0], "web-1");
        AddSession(account, "ann-0a", node.Id, "user/ann", TimeSpan.FromHours(2), TimeSpan.FromMinutes(30), mfa: "true");
        AddSession(account, "me-0b", "i-0123456789abcdef0", "assumed-role/ops/me", TimeSpan.FromHours(1), null);

        IReadOnlyList<SessionLogEntry> entries = await ReadAsync(account, new SessionLogQuery());

        Assert.Equal(["me-0b", "ann-0a"], entries.Select(entry => entry.SessionId));
        SessionLogEntry ended = entries[1];
        Assert.Equal(("web-1", "ann", "Terminated", "203.0.113.9", "agent/1"), (ended.Name, ended.UserName, ended.Status, ended.SourceAddress, ended.UserAgent));
        Assert.Equal(TimeSpan.FromMinutes(30), ended.Duration);
        Assert.True(ended.Mfa);
        Assert.Equal(("ops/me", (string?)null, (DateTimeOffset?)null), (entries[0].UserName, entries[0].Name, entries[0].Ended));
        Assert.Null(entries[0].Mfa);
        Assert.InRange(entries[0].Duration, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(70));
    }

    [Fact]
    public async Task They_are_filtered_by_node_owner_time_and_state()
    {
        await using ProvisioningAccount account = new();
        AddSession(account, "ann-1", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(5), TimeSpan.FromMinutes(1));
        AddSession(account, "bob-1", "i-0000000000000000b", "user/bob", TimeSpan.FromHours(4), TimeSpan.FromMinutes(1));
        AddSession(account, "ann-2", "i-0000000000000000b", "user/ann", TimeSpan.FromHours(1), null);
        DateTimeOffset now = account.World.Now;

        Assert.Equal(["ann-2", "bob-1"], await IdsAsync(account, new() { InstanceIds = ["i-0000000000000000b"] }));
        Assert.Equal(["ann-2", "ann-1"], await IdsAsync(account, new() { Owner = "ann" }));
        Assert.Equal(["bob-1"], await IdsAsync(account, new() { Owner = "b*" }));
        Assert.Equal(["bob-1"], await IdsAsync(account, new() { Owner = $"arn:aws:iam::{account.World.AccountId}:user/bob" }));
        Assert.Equal(["ann-2"], await IdsAsync(account, new() { ActiveOnly = true }));
        Assert.Equal(["ann-2", "bob-1"], await IdsAsync(account, new() { After = now.AddHours(-4.5) }));
        Assert.Equal(["ann-1"], await IdsAsync(account, new() { Before = now.AddHours(-4.5) }));
        Assert.Equal(["bob-1"], await IdsAsync(account, new() { SessionId = "bob-1" }));
    }

    [Fact]
    public async Task A_long_history_is_streamed_in_windows_within_the_trails_pace()
    {
        await using ProvisioningAccount account = new();
        for (int i = 0; i < 430; i++)
        {
            AddSession(account, $"ann-{i}", "i-0000000000000000a", "user/ann", TimeSpan.FromMinutes(500 - i), TimeSpan.FromSeconds(30));
        }

        int count = 0;
        int callsAtFirst = 0;
        await foreach (SessionLogEntry entry in new SessionLog(account.Context, account.Time).ReadAsync(new SessionLogQuery(), TestTimeout.Token))
        {
            callsAtFirst = count == 0 ? account.Calls.Count : callsAtFirst;
            Assert.Equal("203.0.113.9", entry.SourceAddress);
            count++;
        }

        Assert.Equal(430, count);
        Assert.InRange(callsAtFirst, 1, 6);

        // Ten, then fifty at a time: each window costs a page of the trail or two, and one look at names.
        Assert.InRange(account.Calls.Count(call => call == "LookupEvents"), 10, 30);
        Assert.Equal(4, account.Calls.Count(call => call == "DescribeSessions"));
    }

    [Fact]
    public async Task Whoever_may_not_ask_the_trail_is_told_once_and_gets_the_rest()
    {
        await using ProvisioningAccount account = new();
        for (int i = 0; i < 30; i++)
        {
            AddSession(account, $"ann-{i}", "i-0000000000000000a", "user/ann", TimeSpan.FromMinutes(100 - i), TimeSpan.FromSeconds(30));
        }

        using AwsContext limited = Limited(account, "cloudtrail:LookupEvents");
        SessionLog log = new(limited, account.Time);
        List<SessionLogEntry> entries = await ListAsync(log, new SessionLogQuery());

        Assert.Equal(30, entries.Count);
        Assert.All(entries, entry => Assert.Null(entry.SourceAddress));
        Assert.Contains("cloudtrail:LookupEvents", Assert.Single(log.Warnings), StringComparison.Ordinal);
        Assert.Single(account.Calls, call => call == "LookupEvents");
    }

    [Fact]
    public async Task The_right_to_see_sessions_is_named_where_it_is_missing()
    {
        await using ProvisioningAccount account = new();
        using AwsContext limited = Limited(account, "ssm:DescribeSessions");

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => ListAsync(new SessionLog(limited, account.Time), new SessionLogQuery()));

        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains("ssm:DescribeSessions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_is_read_from_the_group_or_the_bucket_of_the_preferences()
    {
        await using ProvisioningAccount account = new();
        AddSession(account, "ann-s3", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));
        AddSession(account, "ann-cw", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(2), TimeSpan.FromMinutes(1));
        AddSession(account, "ann-no", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
        account.World.Preferences.Set("s3BucketName", "logs-bucket");
        account.World.Preferences.Set("s3KeyPrefix", "sessions/");
        account.World.Preferences.Set("cloudWatchLogGroupName", "/ssm/sessions");
        BucketRecord bucket = new() { Name = "logs-bucket", Region = account.World.Region, Created = account.World.Now };
        bucket.Objects["sessions/ann-s3.log"] = new ObjectRecord(
            Encoding.UTF8.GetBytes("Script started\n$ ls\n"), "\"1\"", "text/plain", new Dictionary<string, string>(), null, account.World.Now);
        account.World.Buckets.Add(bucket.Name, bucket);
        LogGroupRecord group = new() { Name = "/ssm/sessions", Arn = "arn:aws:logs:r:a:log-group:/ssm/sessions", Created = account.World.Now };
        LogStreamRecord stream = new("ann-cw", account.World.Now);
        long now = account.World.Now.ToUnixTimeMilliseconds();
        stream.Add(new LogEventRecord(now, 1, """{"eventVersion":"1.0","sessionId":"ann-cw","sessionData":["$ whoami","ssm-user"]}""", now));
        stream.Add(new LogEventRecord(now, 2, "plain", now));
        group.Streams.Add("ann-cw", stream);
        account.World.LogGroups.Add(group.Name, group);

        SessionLog log = new(account.Context, account.Time);
        List<SessionLogEntry> entries = await ListAsync(log, new SessionLogQuery { WithText = true });

        Assert.Equal((null, null), (entries[0].Text, entries[0].LogLocation));
        Assert.Equal(("$ whoami\nssm-user\nplain\n", "logs:/ssm/sessions/ann-cw"), (entries[1].Text, entries[1].LogLocation));
        Assert.Equal(("Script started\n$ ls\n", "s3://logs-bucket/sessions/ann-s3.log"), (entries[2].Text, entries[2].LogLocation));
        Assert.Empty(log.Warnings);
    }

    [Fact]
    public async Task A_bucket_that_is_gone_is_told_once_and_the_sessions_go_on()
    {
        await using ProvisioningAccount account = new();
        AddSession(account, "ann-1", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));
        AddSession(account, "ann-2", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(2), TimeSpan.FromMinutes(1));
        account.World.Preferences.Set("s3BucketName", "no-such-bucket");

        SessionLog log = new(account.Context, account.Time);
        List<SessionLogEntry> entries = await ListAsync(log, new SessionLogQuery { WithText = true });

        Assert.Equal(2, entries.Count);
        Assert.All(entries, entry => Assert.Null(entry.Text));
        Assert.Contains("no-such-bucket", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LookupEvents", "InsufficientEncryptionPolicyException", "CloudTrail")]
    [InlineData("GetDocument", "ThrottlingException", "SSM-SessionManagerRunShell")]
    public async Task What_joins_the_history_only_is_missing_where_it_cannot_be_had(string operation, string code, string words)
    {
        await using ProvisioningAccount account = new();
        AddSession(account, "ann-1", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));
        AddSession(account, "ann-2", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(2), TimeSpan.FromMinutes(1));
        account.Before = (_, call) => call == operation
            ? HttpResponse.Text(400, $$"""{"__type":"{{code}}","message":"no"}""", "application/x-amz-json-1.1")
            : null;

        SessionLog log = new(account.Context, account.Time);
        List<SessionLogEntry> entries = await ListAsync(log, new SessionLogQuery { WithText = true });

        Assert.Equal(["ann-2", "ann-1"], entries.Select(entry => entry.SessionId));
        Assert.Contains(words, Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_log_that_may_not_be_read_keeps_no_other_from_being_read()
    {
        await using ProvisioningAccount account = new();
        BucketRecord bucket = new() { Name = "logs-bucket", Region = account.World.Region, Created = account.World.Now };
        account.World.Buckets.Add(bucket.Name, bucket);
        account.World.Preferences.Set("s3BucketName", "logs-bucket");
        for (int i = 0; i < 4; i++)
        {
            AddSession(account, $"ann-{i}", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(9 - i), TimeSpan.FromMinutes(1));
            bucket.Objects[$"ann-{i}.log"] = new ObjectRecord(
                Encoding.UTF8.GetBytes($"text {i}"), "\"1\"", "text/plain", new Dictionary<string, string>(), null, account.World.Now);
        }

        // Whoever may not list a bucket is told so of an object that is not there: of this session there is no log.
        bool isFirst = true;
        account.Before = (_, call) =>
        {
            bool isRefused = call == "?" && isFirst;
            isFirst &= call != "?";
            return isRefused ? HttpResponse.Text(403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", "application/xml") : null;
        };

        SessionLog log = new(account.Context, account.Time);
        List<SessionLogEntry> entries = await ListAsync(log, new SessionLogQuery { WithText = true });

        Assert.Equal([null, "text 2", "text 1", "text 0"], entries.Select(entry => entry.Text));
        Assert.Contains("logs-bucket", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_ends_while_they_are_listed_is_told_once()
    {
        await using ProvisioningAccount account = new();
        AddSession(account, "ann-1", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(3), null);
        AddSession(account, "ann-2", "i-0000000000000000a", "user/ann", TimeSpan.FromHours(2), TimeSpan.FromMinutes(1));
        int listings = 0;
        account.Before = (_, call) =>
        {
            if (call == "DescribeSessions" && ++listings == 2)
            {
                account.World.Sessions["ann-1"].Ended = account.World.Now;
            }

            return null;
        };

        Assert.Equal(["ann-1", "ann-2"], await IdsAsync(account, new()));
    }

    [Fact]
    public async Task Names_are_looked_up_and_ids_taken_as_they_are()
    {
        await using ProvisioningAccount account = new();
        InstanceRecord node = WorldFleet.Add(account.World, account.World.Seed.Isolated[0], "web-1");

        SessionLogTargets found = await new SessionLog(account.Context, account.Time)
            .FindAsync(["web-1", "i-0123456789abcdef0", "nobody"], TestTimeout.Token);

        Assert.Equal(["i-0123456789abcdef0", node.Id], found.InstanceIds);
        Assert.Equal("TargetNotFound", Assert.Single(found.Problems).ErrorId);
    }

    private static async Task<List<SessionLogEntry>> ListAsync(SessionLog log, SessionLogQuery query)
    {
        List<SessionLogEntry> entries = [];
        await foreach (SessionLogEntry entry in log.ReadAsync(query, TestTimeout.Token))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static async Task<IReadOnlyList<SessionLogEntry>> ReadAsync(ProvisioningAccount account, SessionLogQuery query) =>
        await ListAsync(new SessionLog(account.Context, account.Time), query);

    private static async Task<IEnumerable<string>> IdsAsync(ProvisioningAccount account, SessionLogQuery query) =>
        (await ReadAsync(account, query)).Select(entry => entry.SessionId);

    private static AwsContext Limited(ProvisioningAccount account, string denied)
    {
        RoleRecord role = RoleProvisionerTests.AddRole(account, "caller", TrustPolicy.ForEc2("aws"));
        role.Inline["most"] = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"{{denied}}","Resource":"*"}]}""";
        Credential key = account.Credentials.IssueRole(role, "me", TimeSpan.FromHours(1));
        return account.Connect(key.AccessKeyId, key.SecretAccessKey, key.SessionToken);
    }

    private static void AddSession(
        ProvisioningAccount account, string id, string target, string owner, TimeSpan ago, TimeSpan? length, string? mfa = null)
    {
        DateTimeOffset started = account.World.Now - ago;
        string service = owner.StartsWith("user", StringComparison.Ordinal) ? "iam" : "sts";
        SessionRecord session = new()
        {
            SessionId = id,
            Sequence = account.World.NextSequence(),
            Target = target,
            Owner = $"arn:aws:{service}::{account.World.AccountId}:{owner}",
            DocumentName = "SSM-SessionManagerRunShell",
            Started = started,
            Ended = started + length,
            Status = length is null ? "Connected" : "Terminated",
        };
        account.World.Sessions.Add(id, session);
        JsonObject identity = new() { ["arn"] = session.Owner };
        if (mfa is not null)
        {
            identity["sessionContext"] = new JsonObject { ["attributes"] = new JsonObject { ["mfaAuthenticated"] = mfa } };
        }

        account.World.Trail.Add(new TrailEvent
        {
            Id = id,
            Sequence = account.World.NextSequence(),
            Time = started.AddSeconds(1),
            Name = "StartSession",
            Source = "ssm.amazonaws.com",
            ReadOnly = false,
            UserName = "ann",
            Record = new JsonObject
            {
                ["eventTime"] = started.ToString("O", CultureInfo.InvariantCulture),
                ["sourceIPAddress"] = "203.0.113.9",
                ["userAgent"] = "agent/1",
                ["userIdentity"] = identity,
                ["responseElements"] = new JsonObject { ["sessionId"] = id },
            },
        });
    }
}
