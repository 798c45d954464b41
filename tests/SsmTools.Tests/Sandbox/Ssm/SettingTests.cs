using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ssm;

public sealed class SettingTests
{
    private readonly SandboxAccount _account = new();

    [Theory]
    [InlineData(ServiceSettings.HostManagementRole, "$None", "service-role/managed")]
    [InlineData(ServiceSettings.ActivationTier, "standard", "advanced")]
    public void A_setting_has_awss_value_until_it_is_changed_and_after_it_is_reset(string id, string value, string other)
    {
        Assert.Equal((value, "Default"), Read(id));
        _account.Json("UpdateServiceSetting", new JsonObject { ["SettingId"] = id, ["SettingValue"] = other }).Ok();
        Assert.Equal((other, "Customized"), Read(id));
        _account.Json("ResetServiceSetting", new JsonObject { ["SettingId"] = id }).Ok();
        Assert.Equal((value, "Default"), Read(id));
    }

    [Fact]
    public void The_arn_names_a_setting_too()
    {
        string arn = $"arn:aws:ssm:{_account.World.Region}:{_account.World.AccountId}:servicesetting{ServiceSettings.ActivationTier}";
        Assert.Equal(("standard", "Default"), Read(arn));
    }

    [Fact]
    public void What_is_no_setting_or_no_value_of_it_is_refused()
    {
        _account.Json("GetServiceSetting", new JsonObject { ["SettingId"] = "/ssm/none" }).Refused("ServiceSettingNotFound");
        _account.Json("UpdateServiceSetting", new JsonObject { ["SettingId"] = ServiceSettings.ActivationTier, ["SettingValue"] = "gold" })
            .Refused("ValidationException");
    }

    private (string? Value, string? Status) Read(string id)
    {
        JsonNode setting = _account.Json("GetServiceSetting", new JsonObject { ["SettingId"] = id }).Ok().Json["ServiceSetting"]!;
        return (setting["SettingValue"]!.GetValue<string>(), setting["Status"]!.GetValue<string>());
    }
}
