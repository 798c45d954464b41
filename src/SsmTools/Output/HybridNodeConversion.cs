using System.Security;
using SsmTools.Engine.HybridNodes;

namespace SsmTools.Output;

/// <summary>From the engine's activation to what users see, which shows no secret by itself.</summary>
internal static class HybridNodeConversion
{
    internal static SsmNodeActivation ToOutput(this NodeActivation activation) => new()
    {
        Name = activation.Name,
        ActivationId = activation.ActivationId,
        ActivationCode = Hide(activation.ActivationCode),
        RoleName = activation.RoleName,
        RegistrationLimit = activation.RegistrationLimit,
        ExpirationDate = activation.Expires.ToLocalTime(),
        Region = activation.Region,
        Tier = activation.Tier,
        Platform = activation.Platform.ToString(),
        JoinScript = Hide(activation.Script),
        ScriptPath = activation.ScriptPath,
    };

    private static SecureString Hide(string text)
    {
        SecureString hidden = new();
        foreach (char letter in text)
        {
            hidden.AppendChar(letter);
        }

        hidden.MakeReadOnly();
        return hidden;
    }
}
