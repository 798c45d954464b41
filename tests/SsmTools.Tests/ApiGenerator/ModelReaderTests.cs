using SsmTools.ApiGenerator.Model;
using Xunit;

namespace SsmTools.Tests.ApiGenerator;

public sealed class ModelReaderTests
{
    [Fact]
    public void Operations_shapes_and_pages_are_read()
    {
        ServiceModel model = TinyModel.Read("json");

        Assert.Equal(("Tiny", "T", "tiny"), (model.Name, model.TargetPrefix, model.EndpointPrefix));
        Assert.Equal(SsmTools.ApiGenerator.Model.Protocol.Json, model.Protocol);
        Assert.Equal(new Paginator("Marker", "More", null, "Things"), model.Operations["ListThings"].Paginator);
        Assert.Equal("GetThingResult", model.Operations["GetThing"].ResultWrapper);
        Assert.Null(model.Operations["Ping"].Input);
        Assert.Equal(ShapeKind.Map, model.Shapes["Map"].Kind);
        Assert.Equal("Names", model.Shapes["Map"].Element!.ShapeName);
        Assert.True(model.Shapes["Flat"].Flattened);
        Assert.True(model.Shapes["TokenInput"].Members[0].IsIdempotencyToken);
    }

    [Fact]
    public void A_protocol_without_a_runtime_is_refused()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => TinyModel.Read("smithy-rpc-v2-cbor"));

        Assert.Contains("smithy-rpc-v2-cbor", error.Message, StringComparison.Ordinal);
    }
}
