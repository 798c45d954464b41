using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Choosing;

/// <summary>What an answer to a <see cref="NodePicker"/> came to; where nothing is set, the list has changed.</summary>
public sealed record NodePickerAnswer
{
    /// <summary>The node that was chosen; null where none was yet.</summary>
    public NodeRegistration? Node { get; init; }

    /// <summary>Whether none is wanted.</summary>
    public bool HasLeft { get; init; }

    /// <summary>Why the answer fits nothing; the list is as it was.</summary>
    public string? Complaint { get; init; }
}
