using SsmTools.ApiGenerator.Emit;
using Xunit;

namespace SsmTools.Tests.ApiGenerator;

public sealed class ServiceEmitterTests
{
    [Fact]
    public void Only_what_the_operations_reach_is_written()
    {
        string code = ServiceEmitter.Emit(TinyModel.Read("json"), ["GetThing"]);

        Assert.Contains("class GetThingRequest : AmazonWebServiceRequest, IWireWritable", code, StringComparison.Ordinal);
        Assert.Contains("class GetThingResponse : AmazonWebServiceResponse, IWireReadable", code, StringComparison.Ordinal);
        Assert.Contains("class Part : IWireReadable", code, StringComparison.Ordinal);
        Assert.DoesNotContain("Unused", code, StringComparison.Ordinal);
        Assert.DoesNotContain("ThingPage", code, StringComparison.Ordinal);
        Assert.DoesNotContain("class Thing ", code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_never_has_its_types_name()
    {
        string code = ServiceEmitter.Emit(TinyModel.Read("json"), ["ListThings"]);

        Assert.Contains("public string? ThingValue { get; set; }", code, StringComparison.Ordinal);
        Assert.Contains("case \"theThing\": ThingValue = reader.String(); return true;", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Enumerations_become_constants_that_a_property_does_not_insist_on()
    {
        string code = ServiceEmitter.Emit(TinyModel.Read("json"), ["GetThing"]);

        Assert.Contains("public string? State { get; set; }", code, StringComparison.Ordinal);
        Assert.Contains("public const string T3Nano = \"t3.nano\";", code, StringComparison.Ordinal);
        Assert.Contains("public const string AWSX = \"AWS::X\";", code, StringComparison.Ordinal);
        Assert.Single(code.Split("const string On ").Skip(1));
    }

    [Theory]
    [InlineData("json", "writer.PutList(\"nameList\", Names, static (w, n, v) => w.Put(n, v));")]
    [InlineData("query", "writer.PutList(\"nameList.name\", Names, static (w, n, v) => w.Put(n, v));")]
    [InlineData("ec2", "writer.PutList(\"NameList\", Names, static (w, n, v) => w.Put(n, v));")]
    [InlineData("query", "writer.PutMap(\"Map\", Map, static (w, n, v) => w.WriteList(n + \".name\", v, static (w, n, v) => w.Put(n, v)));")]
    public void Lists_are_written_with_their_protocols_names(string protocol, string line)
    {
        Assert.Contains(line, ServiceEmitter.Emit(TinyModel.Read(protocol), ["GetThing"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_get_a_method_that_streams_the_first_kind_of_result()
    {
        string code = ServiceEmitter.Emit(TinyModel.Read("json"), ["ListThings"]);

        Assert.Contains("IAsyncEnumerable<Thing> ListThingsItemsAsync(", code, StringComparison.Ordinal);
        Assert.Contains("static r => r.Things,", code, StringComparison.Ordinal);
        Assert.Contains("static r => r.More, cancellationToken", code, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_that_the_model_lacks_is_refused_by_name()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => ServiceEmitter.Emit(TinyModel.Read("json"), ["GetNothing"]));

        Assert.Contains("GetNothing", error.Message, StringComparison.Ordinal);
    }
}
