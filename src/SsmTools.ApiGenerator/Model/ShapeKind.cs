namespace SsmTools.ApiGenerator.Model;

/// <summary>The types that a service model knows and the generated clients support.</summary>
internal enum ShapeKind
{
    Structure,
    List,
    Map,
    String,
    Integer,
    Long,
    Double,
    Boolean,
    Timestamp,
    Blob,
}
