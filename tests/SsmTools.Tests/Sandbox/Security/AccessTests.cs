using System.Text.Json.Nodes;
using SsmTools.Engine.Access;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Security;

/// <summary>The sandbox holds its own users and roles to the policies that New-SsmAccessPolicy writes.</summary>
public sealed class AccessTests
{
    private readonly SandboxAccount _account = new();
    private readonly InstanceRecord _web;
    private readonly InstanceRecord _other;

    public AccessTests()
    {
        _web = Node("web");
        _other = Node("db");
        AccessPolicyRequest request = new()
        {
            NodeTags = new Dictionary<string, IReadOnlyList<string>> { ["Team"] = ["web"] },
            KmsKeyId = "alias/sandbox",
        };
        string json = AccessDocument.Write(new AccessScope(
            request, "aws", _account.World.Region, _account.World.AccountId, _account.World.KmsKeys.Values.Single().Arn));
        _account.Query("iam", "CreatePolicy", "PolicyName", "ops", "PolicyDocument", json).Ok();
    }

    private string PolicyArn => $"arn:aws:iam::{_account.World.AccountId}:policy/ops";

    [Fact]
    public void A_user_starts_sessions_on_tagged_nodes_only()
    {
        TinySigner ann = User("ann");

        Start(ann, _web).Ok();
        string refusal = Start(ann, _other).Refused("AccessDeniedException").Body;

        Assert.Contains($"ssm:StartSession on resource: arn:aws:ec2:{_account.World.Region}:{_account.World.AccountId}:instance/{_other.Id}", refusal, StringComparison.Ordinal);
        Assert.Single(_account.Broker.Started);
    }

    [Fact]
    public void Other_documents_are_closed_named_or_not()
    {
        TinySigner ann = User("ann");

        Start(ann, _web, "SSM-SessionManagerRunShell").Ok();
        Start(ann, _web, "AWS-StartSSHSession").Refused("AccessDeniedException");

        // Whoever has a document of his own does not get the preferences' shell by naming none.
        string json = AccessDocument.Write(new AccessScope(
            new AccessPolicyRequest { AllNodes = true, Documents = ["Ops-Shell"] }, "aws", _account.World.Region, _account.World.AccountId, null));
        _account.Query("iam", "CreatePolicy", "PolicyName", "own", "PolicyDocument", json).Ok();
        TinySigner bob = User("bob", $"arn:aws:iam::{_account.World.AccountId}:policy/own");
        Start(bob, _web).Refused("AccessDeniedException");
    }

    [Fact]
    public void Sessions_are_resumed_and_ended_by_whom_they_belong_to()
    {
        TinySigner ann = User("ann");
        TinySigner longer = User("ann-marie");
        string own = Start(ann, _web).Ok().Json["SessionId"]!.GetValue<string>();
        string others = Start(longer, _web).Ok().Json["SessionId"]!.GetValue<string>();

        _account.Json(ann, "ResumeSession", Session(own)).Ok();
        _account.Json(ann, "ResumeSession", Session(others)).Refused("AccessDeniedException");
        _account.Json(ann, "TerminateSession", Session(others)).Refused("AccessDeniedException");
        _account.Json(ann, "TerminateSession", Session("ann-0000000000000000a")).Refused("AccessDeniedException");
        _account.Json(ann, "TerminateSession", Session(own)).Ok();
        Assert.Equal([own], _account.Broker.Terminated);
    }

    [Fact]
    public void A_role_is_held_to_it_as_a_user_is()
    {
        _account.Query("iam", "CreateRole", "RoleName", "ops", "AssumeRolePolicyDocument", SandboxAccount.Ec2Trust).Ok();
        _account.Query("iam", "AttachRolePolicy", "RoleName", "ops", "PolicyArn", PolicyArn).Ok();
        RoleRecord role = _account.World.Roles["ops"];
        TinySigner one = Signer(_account.Credentials.IssueRole(role, "one", TimeSpan.FromHours(1)));
        TinySigner two = Signer(_account.Credentials.IssueRole(role, "two", TimeSpan.FromHours(1)));

        string session = Start(one, _web).Ok().Json["SessionId"]!.GetValue<string>();

        Start(one, _other).Refused("AccessDeniedException");
        _account.Json(two, "TerminateSession", Session(session)).Refused("AccessDeniedException");
        _account.Json(one, "TerminateSession", Session(session)).Ok();
    }

    [Fact]
    public void A_groups_policy_is_its_members()
    {
        _account.Query("iam", "CreateGroup", "GroupName", "team").Ok();
        _account.Query("iam", "AttachGroupPolicy", "GroupName", "team", "PolicyArn", PolicyArn).Ok();
        TinySigner ann = User("ann", null);
        Start(ann, _web).Refused("AccessDeniedException");

        _account.Query("iam", "AddUserToGroup", "GroupName", "team", "UserName", "ann").Ok();

        Start(ann, _web).Ok();
        _account.Query("iam", "RemoveUserFromGroup", "GroupName", "team", "UserName", "ann").Ok();
        Start(ann, _web).Refused("AccessDeniedException");
    }

    [Fact]
    public void Everything_else_stays_closed_and_a_deny_wins()
    {
        TinySigner ann = User("ann");

        _account.Query(ann, "ec2", "DescribeInstances").Ok();
        _account.Query(ann, "ec2", "TerminateInstances", "InstanceId.1", _web.Id).Refused("UnauthorizedOperation", 403);
        _account.Query(ann, "iam", "CreateUser", "UserName", "eve").Refused("AccessDenied", 403);
        _account.Json(ann, "SendCommand", """{"DocumentName":"AWS-RunShellScript","InstanceIds":["i-0123456789abcdef0"]}""")
            .Refused("AccessDeniedException");
        _account.Query(
            "iam", "CreatePolicy", "PolicyName", "no", "PolicyDocument",
            """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ssm:StartSession","Resource":"arn:aws:ec2:*:*:instance/*"}]}""").Ok();
        _account.Query("iam", "AttachUserPolicy", "UserName", "ann", "PolicyArn", $"arn:aws:iam::{_account.World.AccountId}:policy/no").Ok();
        Assert.Contains("explicit deny", Start(ann, _web).Refused("AccessDeniedException").Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_was_deleted_and_a_user_that_is_gone_open_nothing()
    {
        TinySigner ann = User("ann");
        string id = _account.World.Users["ann"].AccessKeys.Single();

        _account.Query("iam", "DeleteUser", "UserName", "ann").Refused("DeleteConflict", 409);
        _account.Query("iam", "DeleteAccessKey", "UserName", "ann", "AccessKeyId", id).Ok();

        Start(ann, _web).Refused("UnrecognizedClientException");
    }

    private static string Session(string id) => new JsonObject { ["SessionId"] = id }.ToJsonString();

    private InstanceRecord Node(string team)
    {
        InstanceRecord instance = _account.RunningInstance();
        instance.Tags["Team"] = team;
        _account.World.Register(instance, "3.3.3050.0");
        return instance;
    }

    private ApiReply Start(TinySigner signer, InstanceRecord instance, string? document = null)
    {
        JsonObject input = new() { ["Target"] = instance.Id };
        if (document is not null)
        {
            input["DocumentName"] = document;
        }

        return _account.Json(signer, "StartSession", input.ToJsonString());
    }

    private TinySigner User(string name, string? policy = "")
    {
        _account.Query("iam", "CreateUser", "UserName", name).Ok();
        if (policy is not null)
        {
            _account.Query("iam", "AttachUserPolicy", "UserName", name, "PolicyArn", policy.Length > 0 ? policy : PolicyArn).Ok();
        }

        ApiReply key = _account.Query("iam", "CreateAccessKey", "UserName", name).Ok();
        return Signer(_account.Credentials.Find(key.Value("AccessKeyId"))!);
    }

    private TinySigner Signer(Credential credential) => new(credential, _account.World.Region, _account.Clock);
}
