namespace SsmTools.Benchmarks;

/// <summary>A series of measured times, quoted by its median; the spread tells how noisy the machine was.</summary>
internal sealed class Samples(string name)
{
    private readonly List<double> _milliseconds = [];

    public string Name => name;

    public double Median => At(0.5);

    public void Add(TimeSpan time) => _milliseconds.Add(time.TotalMilliseconds);

    public override string ToString()
    {
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{name,-44} median {Median,7:0} ms   min {At(0),7:0}   max {At(1),7:0}   n {_milliseconds.Count}");
    }

    private double At(double quantile)
    {
        List<double> sorted = [.. _milliseconds.Order()];
        return sorted[(int)Math.Round(quantile * (sorted.Count - 1))];
    }
}
