using SsmTools.ApiGenerator.Model;

namespace SsmTools.Tests.ApiGenerator;

/// <summary>A service model that holds each case once.</summary>
internal static class TinyModel
{
    private const string Operations =
        """
        "GetThing":{"name":"GetThing","input":{"shape":"GetThingInput"},"output":{"shape":"Thing","resultWrapper":"GetThingResult"}},
        "ListThings":{"name":"ListThings","input":{"shape":"GetThingInput"},"output":{"shape":"ThingPage"}},
        "StartThing":{"name":"StartThing","input":{"shape":"GetThingInput"}},
        "CreateThing":{"name":"CreateThing","input":{"shape":"TokenInput"}},
        "Ping":{"name":"Ping"}
        """;

    private const string Shapes =
        """
        "String":{"type":"string"},
        "Long":{"type":"long"},
        "Names":{"type":"list","member":{"shape":"String","locationName":"name"}},
        "Flat":{"type":"list","member":{"shape":"String"},"flattened":true},
        "Map":{"type":"map","key":{"shape":"String"},"value":{"shape":"Names"}},
        "State":{"type":"string","enum":["on","t3.nano","AWS::X","on"]},
        "Thing":{"type":"structure","members":{"thing":{"shape":"String","locationName":"theThing"},"State":{"shape":"State"},
          "Part":{"shape":"Part","locationName":"part","queryName":"PartQ"}}},
        "Part":{"type":"structure","members":{"Size":{"shape":"Long"}}},
        "Unused":{"type":"structure","members":{"X":{"shape":"Unheard"}}},
        "Unheard":{"type":"structure","members":{}},
        "Things":{"type":"list","member":{"shape":"Thing"}},
        "ThingPage":{"type":"structure","members":{"Things":{"shape":"Things"},"More":{"shape":"String"}}},
        "GetThingInput":{"type":"structure","members":{"Names":{"shape":"Names","locationName":"nameList"},"Flat":{"shape":"Flat"},
          "Map":{"shape":"Map"},"Marker":{"shape":"String"}}},
        "TokenInput":{"type":"structure","members":{"ClientToken":{"shape":"String","idempotencyToken":true}}}
        """;

    public const string Paginators =
        """{"ListThings":{"input_token":"Marker","output_token":"More","result_key":["Things","Other"]}}""";

    public static string Json(string protocol) =>
        "{\"metadata\":{\"apiVersion\":\"2020-01-01\",\"endpointPrefix\":\"tiny\",\"serviceId\":\"Tiny\",\"jsonVersion\":\"1.1\","
        + $"\"targetPrefix\":\"T\",\"protocol\":\"{protocol}\"}},\"operations\":{{{Operations}}},\"shapes\":{{{Shapes}}}}}";

    public static ServiceModel Read(string protocol) => ModelReader.Read("tiny", Json(protocol), Paginators);
}
