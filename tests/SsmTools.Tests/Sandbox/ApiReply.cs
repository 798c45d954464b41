using System.Text.Json.Nodes;
using System.Xml.Linq;
using SsmTools.Sandbox.Http;
using Xunit;

namespace SsmTools.Tests.Sandbox;

/// <summary>An answer of the API, with short ways into it.</summary>
internal sealed record ApiReply(int Status, string Body, HttpHeaders Headers)
{
    public XElement Xml => XDocument.Parse(Body).Root!;

    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    /// <summary>The error's code, in whichever protocol; null when there is none.</summary>
    public string? Code => Headers["x-amzn-ErrorType"] is { } named ? named
        : Body.StartsWith('{') ? Json["__type"]?.GetValue<string>()
        : Xml.Descendants().FirstOrDefault(one => one.Name.LocalName == "Code" && one.Parent!.Name.LocalName == "Error")?.Value;

    public string Message => Body.StartsWith('{') ? Json["message"]?.GetValue<string>() ?? "" : Value("Message");

    public string Value(string element) => Values(element)[0];

    public IReadOnlyList<string> Values(string element)
    {
        return [.. Xml.Descendants().Where(one => one.Name.LocalName == element).Select(one => one.Value)];
    }

    public ApiReply Ok()
    {
        Assert.True(Status == 200, Body);
        return this;
    }

    public ApiReply Refused(string code, int status = 400)
    {
        Assert.Equal(code, Code);
        Assert.Equal(status, Status);
        return this;
    }
}
