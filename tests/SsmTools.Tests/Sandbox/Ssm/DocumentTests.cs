using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ssm;

/// <summary>Session documents: AWS's, the account's preferences and the caller's own.</summary>
public sealed class DocumentTests
{
    private const string Own = """
        {"schemaVersion":"1.0","description":"d","sessionType":"InteractiveCommands",
         "parameters":{"unit":{"type":"String","allowedValues":["nginx","sshd"]},
                       "lines":{"type":"String","default":"10","allowedPattern":"^[0-9]+$"},
                       "tags":{"type":"StringList","default":["a"],"minItems":1,"maxItems":2}},
         "properties":{"linux":{"commands":"journalctl -u {{ unit }} -n {{lines}}","runAsElevated":true,"tags":"{{ tags }}","note":"of {{tags}}"}}}
        """;

    private readonly SandboxAccount _account = new();

    [Fact]
    public void The_documents_of_AWS_are_listed_with_the_accounts_preferences()
    {
        Assert.Equal(
            [
                "AWS-StartInteractiveCommand", "AWS-StartNonInteractiveCommand", "AWS-StartPortForwardingSession",
                "AWS-StartPortForwardingSessionToRemoteHost", "AWS-StartPortForwardingSessionToSocket", "AWS-StartSSHSession",
                "SSM-SessionManagerRunShell",
            ],
            List("""{"Filters":[{"Key":"DocumentType","Values":["Session"]}]}"""));
        Assert.Equal(["SSM-SessionManagerRunShell"], List("""{"Filters":[{"Key":"Owner","Values":["Self"]}]}"""));
        Assert.Equal(
            _account.World.Documents.Values.Count(document => document.Owner == DocumentRecord.Amazon),
            List("""{"DocumentFilterList":[{"key":"Owner","value":"Amazon"}]}""").Count);
        Assert.Equal(3, List("""{"Filters":[{"Key":"Name","Values":["AWS-StartPort"]},{"Key":"Owner","Values":["Amazon"]}]}""").Count);
        Assert.Equal(
            ["AWS-StartEC2Instance", "AWS-StopEC2Instance"], List("""{"Filters":[{"Key":"DocumentType","Values":["Automation"]}]}"""));
    }

    [Fact]
    public void A_listing_comes_in_pages_each_document_once()
    {
        List<string> names = [];
        string? token = null;
        do
        {
            JsonObject page = _account.Json("ListDocuments", new JsonObject { ["MaxResults"] = 3, ["NextToken"] = token }).Ok().Json;
            Assert.InRange(page["DocumentIdentifiers"]!.AsArray().Count, 1, 3);
            names.AddRange(page["DocumentIdentifiers"]!.AsArray().Select(one => one!["Name"]!.GetValue<string>()));
            token = page["NextToken"]?.GetValue<string>();
        }
        while (token is not null);

        Assert.Equal(_account.World.Documents.Count, names.Distinct().Count());
        Assert.Equal(_account.World.Documents.Count, names.Count);
    }

    [Theory]
    [InlineData("ListDocuments", """{"Filters":[{"Key":"Nonsense","Values":["x"]}]}""", "InvalidFilterKey")]
    [InlineData("ListDocuments", """{"NextToken":"x"}""", "InvalidNextToken")]
    [InlineData("ListDocuments", """{"MaxResults":51}""", "ValidationException")]
    [InlineData("DescribeDocument", """{"Name":"Nonsense"}""", "InvalidDocument")]
    [InlineData("GetDocument", """{"Name":"AWS-StartSSHSession","DocumentVersion":"7"}""", "InvalidDocumentVersion")]
    [InlineData("DeleteDocument", """{"Name":"AWS-StartSSHSession"}""", "InvalidDocumentOperation")]
    [InlineData("UpdateDocument", """{"Name":"AWS-StartSSHSession","Content":"{}"}""", "InvalidDocumentOperation")]
    [InlineData("CreateDocument", """{"Name":"AWS-Mine","DocumentType":"Session","Content":"{}"}""", "ValidationException")]
    [InlineData("CreateDocument", """{"Name":"SSM-SessionManagerRunShell","DocumentType":"Session","Content":"{}"}""", "DocumentAlreadyExists")]
    [InlineData("CreateDocument", """{"Name":"Mine","DocumentType":"Session","Content":"a: 1"}""", "InvalidDocumentContent")]
    [InlineData("CreateDocument", """{"Name":"Mine","DocumentType":"Session","Content":"[]"}""", "InvalidDocumentContent")]
    [InlineData("CreateDocument", """{"Name":"Mine","DocumentType":"Session","Content":"{\"a\":1,\"a\":2}"}""", "InvalidDocumentContent")]
    [InlineData("CreateDocument", """{"Name":"Mine","DocumentType":"Session","Content":"{\"schemaVersion\":\"2.2\"}"}""", "InvalidDocumentSchemaVersion")]
    [InlineData("CreateDocument", """{"Name":"Mine","DocumentType":"Session","Content":"{\"schemaVersion\":\"1.0\",\"sessionType\":\"Port\"}"}""", "InvalidDocumentContent")]
    [InlineData("CreateDocument", """{"Name":"Mine","DocumentType":"Session","Content":"{\"schemaVersion\":\"1.0\",\"sessionType\":\"Port\",\"properties\":{\"portNumber\":\"{{ port }}\"}}"}""", "InvalidDocumentContent")]
    public void What_does_not_fit_is_refused(string operation, string input, string code)
    {
        _account.Json(operation, JsonNode.Parse(input)!).Refused(code);
    }

    [Fact]
    public void An_own_document_is_described_with_its_parameters_and_given_back_as_it_came()
    {
        Create("Journal", Own);

        JsonObject document = _account.Json("DescribeDocument", new JsonObject { ["Name"] = "Journal" }).Ok().Json["Document"]!.AsObject();
        Assert.Equal(("Active", "1", "1.0", _account.World.AccountId), (Text(document, "Status"), Text(document, "DefaultVersion"), Text(document, "SchemaVersion"), Text(document, "Owner")));
        Assert.Equal(["unit:String:", "lines:String:10", """tags:StringList:["a"]"""], document["Parameters"]!.AsArray()
            .Select(one => $"{one!["Name"]}:{one["Type"]}:{one["DefaultValue"]?.ToString().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal)}"));
        JsonObject content = _account.Json("GetDocument", new JsonObject { ["Name"] = $"arn:aws:ssm:eu-west-1:{_account.World.AccountId}:document/Journal" }).Ok().Json;
        Assert.Equal(Own, Text(content, "Content"));
    }

    [Fact]
    public void Versions_are_added_become_the_default_and_go()
    {
        Create("Journal", Own);
        JsonObject update = new() { ["Name"] = "Journal", ["Content"] = Own, ["DocumentVersion"] = "$LATEST" };
        _account.Json("UpdateDocument", update).Refused("DuplicateDocumentContent");
        update["Content"] = Own.Replace("journalctl", "tail", StringComparison.Ordinal);
        Assert.Equal("2", Text(_account.Json("UpdateDocument", update).Ok().Json["DocumentDescription"]!.AsObject(), "LatestVersion"));
        Assert.Contains("journalctl", Text(_account.Json("GetDocument", new JsonObject { ["Name"] = "Journal" }).Ok().Json, "Content"), StringComparison.Ordinal);

        _account.Json("UpdateDocumentDefaultVersion", new JsonObject { ["Name"] = "Journal", ["DocumentVersion"] = "2" }).Ok();
        Assert.Contains("tail", Text(_account.Json("GetDocument", new JsonObject { ["Name"] = "Journal" }).Ok().Json, "Content"), StringComparison.Ordinal);

        _account.Json("DeleteDocument", new JsonObject { ["Name"] = "Journal", ["DocumentVersion"] = "2" }).Refused("InvalidDocumentOperation");
        _account.Json("DeleteDocument", new JsonObject { ["Name"] = "Journal", ["DocumentVersion"] = "1" }).Ok();
        _account.Json("DeleteDocument", new JsonObject { ["Name"] = "Journal" }).Ok();
        _account.Json("DescribeDocument", new JsonObject { ["Name"] = "Journal" }).Refused("InvalidDocument");
    }

    [Fact]
    public void Parameters_reach_the_agent_as_text_or_as_the_value_that_they_are()
    {
        Create("Journal", Own);
        JsonObject content = Start("Journal", """{"unit":["nginx"],"tags":["x","y"]}""");
        Assert.Equal(
            """{"commands":"journalctl -u nginx -n 10","runAsElevated":true,"tags":["x","y"],"note":"of [\u0022x\u0022,\u0022y\u0022]"}""",
            content["properties"]!["linux"]!.ToJsonString());
        Assert.Null(content["parameters"]);
    }

    [Theory]
    [InlineData("""{}""", "unit")]
    [InlineData("""{"unit":["apache"]}""", "nginx, sshd")]
    [InlineData("""{"unit":["nginx","sshd"]}""", "unit")]
    [InlineData("""{"unit":["nginx"],"lines":["many"]}""", "^[0-9]+$")]
    [InlineData("""{"unit":["nginx"],"tags":["1","2","3"]}""", "tags")]
    [InlineData("""{"unit":["nginx"],"until":["now"]}""", "until")]
    public void Parameters_that_do_not_fit_are_refused_by_name(string parameters, string words)
    {
        Create("Journal", Own);
        JsonObject input = new() { ["Target"] = Registered(), ["DocumentName"] = "Journal", ["Parameters"] = JsonNode.Parse(parameters) };
        Assert.Contains(words, _account.Json("StartSession", input).Refused("InvalidParameters").Message, StringComparison.Ordinal);
        Assert.Empty(_account.Broker.Started);
    }

    [Fact]
    public void A_value_is_not_read_for_placeholders_again()
    {
        JsonObject content = Start("AWS-StartInteractiveCommand", """{"command":["echo '{{ command }}' $$"]}""");
        Assert.Equal("echo '{{ command }}' $$", content["properties"]!["linux"]!["commands"]!.GetValue<string>());
    }

    [Fact]
    public void Preferences_hold_for_shells_and_for_documents_without_inputs_of_their_own()
    {
        JsonObject preferences = JsonNode.Parse(Text(_account.Json("GetDocument", new JsonObject { ["Name"] = SessionDocumentCatalog.Preferences }).Ok().Json, "Content"))!.AsObject();
        preferences["inputs"]!["idleSessionTimeout"] = "7";
        JsonObject update = new() { ["Name"] = SessionDocumentCatalog.Preferences, ["Content"] = preferences.ToJsonString(), ["DocumentVersion"] = "$LATEST" };
        _account.Json("UpdateDocument", update).Ok();
        _account.Json("UpdateDocumentDefaultVersion", new JsonObject { ["Name"] = SessionDocumentCatalog.Preferences, ["DocumentVersion"] = "2" }).Ok();
        _account.World.Preferences.KmsKeyId = "alias/sandbox";

        foreach (string? document in new[] { null, SessionDocumentCatalog.Preferences, "AWS-StartNonInteractiveCommand" })
        {
            JsonObject content = Start(document, document?.StartsWith("AWS", StringComparison.Ordinal) == true ? """{"command":["id"]}""" : "{}");
            Assert.Equal("7", content["inputs"]!["idleSessionTimeout"]!.GetValue<string>());
            Assert.Equal("alias/sandbox", content["inputs"]!["kmsKeyId"]!.GetValue<string>());
        }
    }

    [Fact]
    public void Without_preferences_shells_start_with_those_of_AWS()
    {
        _account.Json("DeleteDocument", new JsonObject { ["Name"] = SessionDocumentCatalog.Preferences }).Ok();
        Assert.Equal("20", Start(null, "{}")["inputs"]!["idleSessionTimeout"]!.GetValue<string>());
        _account.Json("StartSession", new JsonObject { ["Target"] = Registered(), ["DocumentName"] = SessionDocumentCatalog.Preferences })
            .Refused("InvalidDocument");
    }

    private static string Text(JsonObject from, string name) => from[name]?.GetValue<string>() ?? "";

    private void Create(string name, string content) => _account.Json(
        "CreateDocument", new JsonObject { ["Name"] = name, ["DocumentType"] = "Session", ["Content"] = content }).Ok();

    private JsonObject Start(string? document, string parameters)
    {
        JsonObject input = new() { ["Target"] = Registered(), ["DocumentName"] = document, ["Parameters"] = JsonNode.Parse(parameters) };
        _account.Json("StartSession", input).Ok();
        return _account.Broker.Started[^1].Document;
    }

    private string Registered()
    {
        InstanceRecord instance = _account.World.Instances.Values.FirstOrDefault() ?? _account.RunningInstance();
        _account.World.Register(instance, "3.3.3050.0");
        return instance.Id;
    }

    private List<string> List(string input) =>
    [
        .. _account.Json("ListDocuments", JsonNode.Parse(input)!).Ok().Json["DocumentIdentifiers"]!.AsArray()
            .Select(one => one!["Name"]!.GetValue<string>()),
    ];
}
