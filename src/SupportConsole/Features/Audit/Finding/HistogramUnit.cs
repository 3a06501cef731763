namespace SupportConsole.Features.Audit.Finding;

/// <summary>What one bar of a histogram stands for.</summary>
public enum HistogramUnit
{
    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A day.</summary>
    Day,

    /// <summary>A month.</summary>
    Month,
}
