namespace SupportConsole.Benchmarks.Measuring;

/// <summary>Something to measure, by the name that picks it on the command line.</summary>
internal abstract class Row
{
    public abstract string Name { get; }

    /// <summary>Measures and hands out each line as it is known.</summary>
    public abstract IAsyncEnumerable<Line> MeasureAsync();
}
