namespace SsmTools.Sandbox.Ssm;

/// <summary>A parameter of a session document; without a default it must be given.</summary>
internal sealed record SessionParameter(string Name, string? Default, string? Pattern)
{
    private const string Ports = "([1-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

    /// <summary>A port's number; a local one may be 0, any free one.</summary>
    public static SessionParameter Port(string name, string preset)
    {
        return new SessionParameter(name, preset, preset == "0" ? $"^(0|{Ports})$" : $"^{Ports}$");
    }
}
