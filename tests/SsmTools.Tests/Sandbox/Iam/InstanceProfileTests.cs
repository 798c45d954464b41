using Xunit;

namespace SsmTools.Tests.Sandbox.Iam;

public sealed class InstanceProfileTests
{
    private readonly SandboxAccount _account = new();

    [Fact]
    public void A_profile_shows_the_role_in_it_and_the_role_its_profiles()
    {
        _account.MakeProfile("web");
        ApiReply profile = Call("GetInstanceProfile", "InstanceProfileName", "web").Ok();
        Assert.Equal("web", profile.Value("RoleName"));
        Assert.Matches("^AIPA[A-Z2-7]{17}$", profile.Value("InstanceProfileId"));
        Assert.Equal($"arn:aws:iam::{_account.World.AccountId}:instance-profile/web", profile.Values("Arn").First(arn => arn.Contains("profile", StringComparison.Ordinal)));
        Assert.Equal(["web"], Call("ListInstanceProfilesForRole", "RoleName", "web").Ok().Values("InstanceProfileName"));
    }

    [Fact]
    public void It_takes_one_role()
    {
        _account.MakeProfile("web");
        ApiReply reply = Call("AddRoleToInstanceProfile", "InstanceProfileName", "web", "RoleName", "web").Refused("LimitExceeded", 409);
        Assert.Equal("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", reply.Message);
    }

    [Fact]
    public void It_goes_only_without_role()
    {
        _account.MakeProfile("web");
        Call("CreateInstanceProfile", "InstanceProfileName", "web").Refused("EntityAlreadyExists", 409);
        Call("DeleteInstanceProfile", "InstanceProfileName", "web").Refused("DeleteConflict", 409);
        Call("RemoveRoleFromInstanceProfile", "InstanceProfileName", "web", "RoleName", "web").Ok();
        Call("RemoveRoleFromInstanceProfile", "InstanceProfileName", "web", "RoleName", "web").Refused("NoSuchEntity", 404);
        Call("DeleteInstanceProfile", "InstanceProfileName", "web").Ok();
        Call("GetInstanceProfile", "InstanceProfileName", "web").Refused("NoSuchEntity", 404);
    }

    private ApiReply Call(string action, params string[] parameters) => _account.Query("iam", action, parameters);
}
