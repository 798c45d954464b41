using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Kms;
using SsmTools.Engine.Aws.Logs;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Schedules;
using SsmTools.Engine.Sessions;
using Tag = SsmTools.Engine.Aws.Ec2.Tag;

namespace SsmTools.Engine.Choosing;

/// <summary>What parameters can name and only the account knows.</summary>
public static class AccountQueries
{
    /// <summary>Instances and hybrid nodes by id, with their names; ready are those that a session can be opened on.</summary>
    public static AccountQuery Nodes { get; } = new("nodes", async (context, stop) =>
        [.. (await new NodeDirectory(context).ListAsync(stop).ConfigureAwait(false)).Select(OfNode)]);

    /// <summary>Instance profiles by name; ready are those that hold a role.</summary>
    public static AccountQuery InstanceProfiles { get; } = new("profiles", async (context, stop) =>
        [.. (await ListProfilesAsync(context, stop).ConfigureAwait(false)).Select(OfProfile)]);

    /// <summary>Roles that instances can have, which is those in an instance profile.</summary>
    public static AccountQuery InstanceRoles { get; } = new("roles", async (context, stop) =>
        [.. (await ListProfilesAsync(context, stop).ConfigureAwait(false)).SelectMany(OfRoles).DistinctBy(role => role.Value)]);

    /// <summary>Roles that Systems Manager may take, by name.</summary>
    public static AccountQuery AutomationRoles { get; } = new("automation roles", async (context, stop) =>
        [
            .. (await ServiceCall.ListAsync(
                token => context.Iam.ListRolesItemsAsync(new ListRolesRequest(), token), null, stop).ConfigureAwait(false))
                .Where(role => TrustPolicy.Trusts(role.AssumeRolePolicyDocument, TrustPolicy.SystemsManager))
                .Select(role => new Choice(role.RoleName!, role.RoleName!, Line(role.Arn, role.Description))),
        ]);

    /// <summary>Power schedules by name.</summary>
    public static AccountQuery PowerSchedules { get; } = new("power schedules", async (context, stop) =>
        [
            .. (await new PowerScheduleReader(context, context.Time).ListNamesAsync(stop).ConfigureAwait(false))
                .Select(name => new Choice(name, name, $"{name}, in {context.Region}")),
        ]);

    /// <summary>Subnets by id, with their names: those of the VPC that is hinted at, else all.</summary>
    /// <param name="hint">What is given already.</param>
    public static AccountQuery Subnets(NetworkHint hint) => new($"subnets {hint}", async (context, stop) =>
    {
        DescribeSubnetsRequest request = new() { Filters = await hint.FilterAsync(context, stop).ConfigureAwait(false) };
        return
        [
            .. (await ServiceCall.ListAsync(
                token => context.Ec2.DescribeSubnetsItemsAsync(request, token), null, stop).ConfigureAwait(false)).Select(OfSubnet),
        ];
    });

    /// <summary>Security groups by id, with their names: those of the VPC that is hinted at, else all.</summary>
    /// <param name="hint">What is given already.</param>
    public static AccountQuery SecurityGroups(NetworkHint hint) => new($"groups {hint}", async (context, stop) =>
    {
        DescribeSecurityGroupsRequest request = new() { Filters = await hint.FilterAsync(context, stop).ConfigureAwait(false) };
        return
        [
            .. (await ServiceCall.ListAsync(
                token => context.Ec2.DescribeSecurityGroupsItemsAsync(request, token), null, stop).ConfigureAwait(false)).Select(OfGroup),
        ];
    });

    /// <summary>Key pairs by name.</summary>
    public static AccountQuery KeyPairs { get; } = new("keys", async (context, stop) =>
        [
            .. (await ServiceCall.RunAsync(
                token => context.Ec2.DescribeKeyPairsAsync(new DescribeKeyPairsRequest(), token), null, stop)
                .ConfigureAwait(false)).KeyPairs
                .Where(key => key.KeyName is not null)
                .Select(key => new Choice(key.KeyName!, key.KeyName!, $"{key.KeyName}, {key.KeyType}")),
        ]);

    /// <summary>VPCs by id, with their names.</summary>
    public static AccountQuery Vpcs { get; } = new("vpcs", async (context, stop) =>
        [.. (await ListVpcsAsync(context, stop).ConfigureAwait(false)).Select(OfVpc)]);

    /// <summary>The networks that SsmTools made, by name.</summary>
    public static AccountQuery Networks { get; } = new("networks", async (context, stop) =>
        [
            .. (await ListVpcsAsync(context, stop).ConfigureAwait(false))
                .Where(vpc => NetworkReader.IsOurs(vpc.Tags) && NameOf(vpc.Tags) is not null)
                .Select(OfNetwork)
                .DistinctBy(network => network.Value),
        ]);

    /// <summary>The session alerts of the region, by name.</summary>
    public static AccountQuery SessionAlerts { get; } = new("alerts", async (context, stop) =>
        [
            .. (await new Alerts.SessionAlertProvisioner(context).ListAsync(null, stop).ConfigureAwait(false))
                .Select(alert => new Choice(alert.Name, alert.Name, alert.TopicArn ?? alert.Name)),
        ]);

    /// <summary>The account's own policies, by name.</summary>
    public static AccountQuery AccessPolicies { get; } = new("policies", async (context, stop) =>
        [
            .. (await ServiceCall.ListAsync(
                token => context.Iam.ListPoliciesItemsAsync(
                    new ListPoliciesRequest { Scope = policyScopeType.Local, MaxItems = 1000 }, token),
                null,
                stop).ConfigureAwait(false))
                .Where(policy => policy.PolicyName is not null)
                .Select(policy => new Choice(policy.PolicyName!, policy.PolicyName!, policy.Arn ?? policy.PolicyName!)),
        ]);

    /// <summary>Availability zones by name.</summary>
    public static AccountQuery Zones { get; } = new("zones", async (context, stop) =>
        [
            .. (await new NetworkReader(context).ListZonesAsync(stop).ConfigureAwait(false))
                .Select(zone => new Choice(zone, zone, $"{zone}, in {context.Region}")),
        ]);

    private static Task<List<Vpc>> ListVpcsAsync(AwsContext context, CancellationToken cancellationToken) =>
        ServiceCall.ListAsync(
            token => context.Ec2.DescribeVpcsItemsAsync(new DescribeVpcsRequest(), token), null, cancellationToken);

    /// <summary>Buckets of S3 by name.</summary>
    public static AccountQuery Buckets { get; } = new("buckets", async (context, stop) =>
        [
            .. (await ServiceCall.ListAsync(token => context.Objects.ListBucketsAsync("", token), null, stop).ConfigureAwait(false))
                .Select(name => new Choice(name, name, $"bucket {name}")),
        ]);

    /// <summary>Groups of CloudWatch Logs by name; the tool tip says whether they have a key.</summary>
    public static AccountQuery LogGroups { get; } = new("log groups", async (context, stop) =>
        [
            .. (await ServiceCall.ListAsync(
                token => context.Logs.DescribeLogGroupsItemsAsync(new DescribeLogGroupsRequest(), token), null, stop).ConfigureAwait(false))
                .Where(group => group.LogGroupName is not null)
                .Select(group => new Choice(
                    group.LogGroupName!, group.LogGroupName!, Line(group.LogGroupName, group.KmsKeyId is null ? "no KMS key" : $"key {group.KmsKeyId}"))),
        ]);

    /// <summary>Keys of KMS by alias; AWS's own, which sessions cannot use, are left out.</summary>
    public static AccountQuery KmsKeys { get; } = new("kms keys", async (context, stop) =>
        [
            .. (await ServiceCall.ListAsync(
                token => context.Kms.ListAliasesItemsAsync(new ListAliasesRequest(), token), null, stop).ConfigureAwait(false))
                .Where(alias => alias.AliasName?.StartsWith("alias/aws/", StringComparison.Ordinal) == false)
                .Select(alias => new Choice(alias.AliasName!, alias.AliasName!, Line(alias.AliasName, alias.TargetKeyId))),
        ]);

    /// <summary>Session documents by name: the account's own, then AWS's.</summary>
    public static AccountQuery SessionDocuments { get; } = new("documents", async (context, stop) =>
        [
            .. (await new Sessions.SessionDocuments(context).ListAsync(stop).ConfigureAwait(false))
                .Select(name => new Choice(name, name, name)),
        ]);

    /// <summary>Documents for Run Command by name: the account's own, then AWS's.</summary>
    public static AccountQuery CommandDocuments { get; } = new("command documents", async (context, stop) =>
        [
            .. (await new Sessions.SessionDocuments(context).ListAsync(DocumentType.Command, stop).ConfigureAwait(false))
                .Select(name => new Choice(name, name, name)),
        ]);

    /// <summary>Hash tables of a session document's parameters: those that are needed first, then each by itself.</summary>
    /// <param name="document">The document's name.</param>
    public static AccountQuery ParametersOf(string document) => new($"parameters {document}", async (context, stop) =>
    {
        SessionDocument? found = await new Sessions.SessionDocuments(context).ReadAsync(document, stop).ConfigureAwait(false);
        List<SessionDocumentParameter> all = [.. found?.Parameters ?? []];
        List<SessionDocumentParameter> needed = all.FindAll(parameter => parameter.Default is null);
        return
        [
            .. needed.Count > 1 ? [OfParameters(needed)] : Array.Empty<Choice>(),
            .. all.OrderBy(parameter => parameter.Default is not null).Select(parameter => OfParameters([parameter])),
        ];
    });

    private static Choice OfParameters(List<SessionDocumentParameter> parameters)
    {
        IEnumerable<string> entries = parameters.Select(parameter =>
            $"{parameter.Name} = '{(parameter.AllowedValues.Count > 0 ? parameter.AllowedValues[0] : parameter.Default)?.Replace("'", "''", StringComparison.Ordinal)}'");
        string table = $"@{{ {string.Join("; ", entries)} }}";
        return new Choice(table, string.Join(", ", parameters.Select(parameter => parameter.Name)), string.Join("; ", parameters));
    }

    private static Task<List<InstanceProfile>> ListProfilesAsync(AwsContext context, CancellationToken cancellationToken) =>
        ServiceCall.ListAsync(
            token => context.Iam.ListInstanceProfilesItemsAsync(new ListInstanceProfilesRequest(), token),
            null,
            cancellationToken);

    private static Choice OfNode(NodeRegistration node) => new(
        node.InstanceId,
        Label(node.Name) ?? node.InstanceId,
        Line(
            node.Name,
            node.InstanceId,
            node.State,
            node.PingStatus ?? "not registered",
            $"{node.PlatformName ?? node.PlatformType} {node.PlatformVersion}".Trim()))
    {
        IsReady = node.Registered,
    };

    private static Choice OfProfile(InstanceProfile profile)
    {
        string? role = profile.Roles.Count > 0 ? profile.Roles[0].RoleName : null;
        return new Choice(
            profile.InstanceProfileName!,
            profile.InstanceProfileName!,
            Line(profile.Arn, role is null ? "no role in it" : $"role {role}"))
        {
            IsReady = role is not null,
        };
    }

    private static IEnumerable<Choice> OfRoles(InstanceProfile profile) => profile.Roles.Select(role => new Choice(
        role.RoleName!, role.RoleName!, Line(role.Arn, $"in instance profile {profile.InstanceProfileName}")));

    private static Choice OfSubnet(Subnet subnet)
    {
        string? name = NameOf(subnet.Tags);
        return new Choice(
            subnet.SubnetId!,
            Label(name) ?? subnet.SubnetId!,
            Line(name, subnet.SubnetId, subnet.CidrBlock, subnet.AvailabilityZone, $"in {subnet.VpcId}"));
    }

    private static Choice OfGroup(SecurityGroup group) => new(
        group.GroupId!,
        group.GroupName ?? group.GroupId!,
        Line(group.GroupName, group.GroupId, $"in {group.VpcId}", group.Description));

    private static Choice OfVpc(Vpc vpc)
    {
        string? name = NameOf(vpc.Tags);
        return new Choice(vpc.VpcId!, Label(name) ?? vpc.VpcId!, Line(name, vpc.VpcId, vpc.CidrBlock));
    }

    private static Choice OfNetwork(Vpc vpc) =>
        new(NameOf(vpc.Tags)!, Label(NameOf(vpc.Tags)) ?? vpc.VpcId!, Line(vpc.VpcId, vpc.CidrBlock));

    private static string? NameOf(List<Tag> tags) => tags.Find(tag => tag.Key == "Name")?.Value;

    private static string? Label(string? name) => string.IsNullOrWhiteSpace(name) ? null : CellText.Plain(name);

    private static string Line(params string?[] parts) =>
        CellText.Plain(string.Join(", ", parts.Where(part => !string.IsNullOrWhiteSpace(part))));
}
