using SsmTools.ApiGenerator.Model;

namespace SsmTools.ApiGenerator;

/// <summary>Finds the shapes that a set of operations can reach, and which of them are sent, which received.</summary>
internal sealed class ShapeWalk
{
    private readonly ServiceModel _model;

    private ShapeWalk(ServiceModel model)
    {
        _model = model;
    }

    public HashSet<string> Sent { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Received { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Every shape below the operations' inputs and outputs; those themselves only if something nests them.
    /// </summary>
    public static ShapeWalk From(ServiceModel model, IEnumerable<Operation> operations)
    {
        ShapeWalk walk = new(model);
        foreach (Operation operation in operations)
        {
            walk.VisitMembers(operation.Input, walk.Sent);
            walk.VisitMembers(operation.Output, walk.Received);
        }

        return walk;
    }

    private void VisitMembers(string? shapeName, HashSet<string> seen)
    {
        if (shapeName is null)
        {
            return;
        }

        Shape shape = _model.Shapes[shapeName];
        foreach (Member member in shape.Element is null ? shape.Members : [shape.Element])
        {
            if (seen.Add(member.ShapeName))
            {
                VisitMembers(member.ShapeName, seen);
            }
        }
    }
}
