namespace SsmTools.Sandbox.Tour;

/// <summary>A step of the tour that did not hold.</summary>
internal sealed class TourException(string message) : Exception(message);
