using Xunit;

namespace SsmTools.Tests.Sandbox.Iam;

public sealed class RoleTests
{
    private const string Policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}""";
    private readonly SandboxAccount _account = new();

    [Fact]
    public void A_role_has_its_path_in_its_arn_and_keeps_its_tags()
    {
        ApiReply made = Call(
            "CreateRole", "RoleName", "web", "Path", "/team/a/", "AssumeRolePolicyDocument", SandboxAccount.Ec2Trust,
            "Tags.member.1.Key", "SsmTools", "Tags.member.1.Value", "1").Ok();
        Assert.Equal($"arn:aws:iam::{_account.World.AccountId}:role/team/a/web", made.Value("Arn"));
        Assert.Matches("^AROA[A-Z2-7]{17}$", made.Value("RoleId"));
        Assert.Equal("SsmTools", Call("GetRole", "RoleName", "WEB").Ok().Value("Key"));
        Assert.Equal("SsmTools", Call("ListRoleTags", "RoleName", "web").Ok().Value("Key"));
        Call("UntagRole", "RoleName", "web", "TagKeys.member.1", "SsmTools").Ok();
        Assert.Empty(Call("ListRoleTags", "RoleName", "web").Ok().Values("Key"));
    }

    [Fact]
    public void Names_are_unique_whatever_their_case()
    {
        Make("web");
        ApiReply reply = Call("CreateRole", "RoleName", "Web", "AssumeRolePolicyDocument", SandboxAccount.Ec2Trust).Refused("EntityAlreadyExists", 409);
        Assert.Equal("Role with name Web already exists.", reply.Message);
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("slash/ed")]
    [InlineData("ümlaut")]
    public void Names_that_iam_does_not_allow_are_refused(string name)
    {
        ApiReply reply = Call("CreateRole", "RoleName", name, "AssumeRolePolicyDocument", SandboxAccount.Ec2Trust).Refused("ValidationError");
        Assert.Equal(
            "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
            reply.Message);
    }

    [Theory]
    [InlineData("{", "This policy contains invalid Json")]
    [InlineData("[]", "This policy contains invalid Json")]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""",
        "This policy contains invalid Json")]
    [InlineData("""{"Version":"2012-10-17","Statement":[]}""", "Syntax errors in policy.")]
    [InlineData("""{"Version":"2020-01-01","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}""", "This policy contains invalid Json")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}""", "Missing required field Principal")]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole","Resource":"*"}]}""",
        "Has prohibited field Resource")]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.example.com"},"Action":"sts:AssumeRole"}]}""",
        "Invalid principal in policy: \"SERVICE\":\"ec2.example.com\"")]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"s3:Get"}]}""",
        "AssumeRole policy may only specify STS AssumeRole actions.")]
    public void Malformed_trust_policies_are_refused(string trust, string message)
    {
        Assert.Equal(message, Call("CreateRole", "RoleName", "web", "AssumeRolePolicyDocument", trust).Refused("MalformedPolicyDocument").Message);
        Make("web");
        Call("UpdateAssumeRolePolicy", "RoleName", "web", "PolicyDocument", trust).Refused("MalformedPolicyDocument");
    }

    [Fact]
    public void Policies_attach_once_and_detach_once()
    {
        Make("web");
        Call("AttachRolePolicy", "RoleName", "web", "PolicyArn", SandboxAccount.CorePolicy).Ok();
        Call("AttachRolePolicy", "RoleName", "web", "PolicyArn", SandboxAccount.CorePolicy).Ok();
        Assert.Equal([SandboxAccount.CorePolicy], Call("ListAttachedRolePolicies", "RoleName", "web").Ok().Values("PolicyArn"));
        Call("DetachRolePolicy", "RoleName", "web", "PolicyArn", SandboxAccount.CorePolicy).Ok();
        Call("DetachRolePolicy", "RoleName", "web", "PolicyArn", SandboxAccount.CorePolicy).Refused("NoSuchEntity", 404);
    }

    [Theory]
    [InlineData("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", 200)]
    [InlineData("arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM", 200)]
    [InlineData("arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy", 200)]
    [InlineData("arn:aws:iam::aws:policy/AmazonSSMPatchAssociation", 200)]
    [InlineData("arn:aws:iam::aws:policy/AmazonSSMDirectoryServiceAccess", 200)]
    [InlineData("arn:aws:iam::aws:policy/AmazonEC2RoleforSSM", 404)]
    [InlineData("arn:aws-cn:iam::aws:policy/AmazonSSMManagedInstanceCore", 404)]
    [InlineData("AmazonSSMManagedInstanceCore-policy", 400)]
    public void Only_policies_that_exist_can_be_attached(string arn, int status)
    {
        Make("web");
        Assert.Equal(status, Call("AttachRolePolicy", "RoleName", "web", "PolicyArn", arn).Status);
    }

    [Fact]
    public void Inline_policies_come_back_percent_encoded()
    {
        Make("web");
        Call("PutRolePolicy", "RoleName", "web", "PolicyName", "p", "PolicyDocument", Policy).Ok();
        Assert.Equal(["p"], Call("ListRolePolicies", "RoleName", "web").Ok().Values("member"));
        string document = Call("GetRolePolicy", "RoleName", "web", "PolicyName", "p").Ok().Value("PolicyDocument");
        Assert.Equal(Policy, Uri.UnescapeDataString(document));
        Assert.StartsWith("%7B%22Version%22", document, StringComparison.Ordinal);
        Call("PutRolePolicy", "RoleName", "web", "PolicyName", "q", "PolicyDocument", SandboxAccount.Ec2Trust).Refused("MalformedPolicyDocument");
        Call("DeleteRolePolicy", "RoleName", "web", "PolicyName", "p").Ok();
        Call("DeleteRolePolicy", "RoleName", "web", "PolicyName", "p").Refused("NoSuchEntity", 404);
    }

    [Fact]
    public void A_role_goes_only_when_nothing_hangs_on_it()
    {
        _account.MakeProfile("web");
        Call("PutRolePolicy", "RoleName", "web", "PolicyName", "p", "PolicyDocument", Policy).Ok();
        string[][] steps =
        [
            ["RemoveRoleFromInstanceProfile", "RoleName", "web", "InstanceProfileName", "web"],
            ["DetachRolePolicy", "RoleName", "web", "PolicyArn", SandboxAccount.CorePolicy],
            ["DeleteRolePolicy", "RoleName", "web", "PolicyName", "p"],
        ];
        foreach (string[] step in steps)
        {
            Call("DeleteRole", "RoleName", "web").Refused("DeleteConflict", 409);
            Call(step[0], step[1..]).Ok();
        }

        Call("DeleteRole", "RoleName", "web").Ok();
        Call("DeleteRole", "RoleName", "web").Refused("NoSuchEntity", 404);
    }

    [Fact]
    public void Listings_are_paged_by_marker()
    {
        for (int i = 0; i < 25; i++)
        {
            Make($"role-{i:D2}");
        }

        List<string> names = [];
        string[] marker = [];
        while (true)
        {
            ApiReply page = Call("ListRoles", ["MaxItems", "10", .. marker]).Ok();
            names.AddRange(page.Values("RoleName"));
            if (page.Value("IsTruncated") == "false")
            {
                break;
            }

            marker = ["Marker", page.Value("Marker")];
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"role-{i:D2}"), names);
        Call("ListRoles", "Marker", "bogus").Refused("ValidationError");
    }

    [Fact]
    public void Simulation_says_what_the_policies_say()
    {
        Make("web");
        Call("PutRolePolicy", "RoleName", "web", "PolicyName", "p", "PolicyDocument", Policy).Ok();
        string arn = _account.World.Roles["web"].Arn;
        ApiReply reply = Call(
            "SimulatePrincipalPolicy", "PolicySourceArn", arn, "ActionNames.member.1", "s3:GetObject", "ActionNames.member.2", "s3:PutObject").Ok();
        Assert.Equal(["allowed", "implicitDeny"], reply.Values("EvalDecision"));
    }

    [Fact]
    public void A_boundary_is_set_replaced_and_taken_off()
    {
        Call("CreateRole", "RoleName", "web", "AssumeRolePolicyDocument", SandboxAccount.Ec2Trust, "PermissionsBoundary", "arn:aws:iam::aws:policy/None")
            .Refused("NoSuchEntity", 404);
        Make("web");
        ApiReply none = Call("DeleteRolePermissionsBoundary", "RoleName", "web").Refused("NoSuchEntity", 404);
        Assert.Equal("Role with name web does not have a permissions boundary.", none.Message);
        Call("PutRolePermissionsBoundary", "RoleName", "web", "PermissionsBoundary", "no-policy-that-is-known").Refused("InvalidInput");
        Call("PutRolePermissionsBoundary", "RoleName", "web", "PermissionsBoundary", SandboxAccount.CorePolicy).Ok();
        Assert.Equal(SandboxAccount.CorePolicy, Call("GetRole", "RoleName", "web").Ok().Value("PermissionsBoundaryArn"));
        Call("DeleteRolePermissionsBoundary", "RoleName", "web").Ok();
        Assert.Empty(Call("GetRole", "RoleName", "web").Ok().Values("PermissionsBoundaryArn"));
    }

    [Fact]
    public void Inline_policies_have_room_for_so_many_characters()
    {
        Make("web");
        string big = Policy.Replace("s3:Get*", "s3:" + new string('a', 6000), StringComparison.Ordinal);
        Call("PutRolePolicy", "RoleName", "web", "PolicyName", "one", "PolicyDocument", big).Ok();
        Call("PutRolePolicy", "RoleName", "web", "PolicyName", "one", "PolicyDocument", big).Ok();
        Call("PutRolePolicy", "RoleName", "web", "PolicyName", "two", "PolicyDocument", big).Refused("LimitExceeded", 409);
    }

    private ApiReply Call(string action, params string[] parameters) => _account.Query("iam", action, parameters);

    private void Make(string name) => Call("CreateRole", "RoleName", name, "AssumeRolePolicyDocument", SandboxAccount.Ec2Trust).Ok();
}
