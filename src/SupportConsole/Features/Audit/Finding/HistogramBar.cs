namespace SupportConsole.Features.Audit.Finding;

/// <summary>The events of an hour, a day or a month.</summary>
/// <param name="Begin">When it begins, by the clocks of its zone.</param>
/// <param name="End">When it ends; itself no part of it.</param>
/// <param name="Events">How many; of one that was not counted to its beginning, at least so many.</param>
/// <param name="IsCounted">Whether all of it was counted.</param>
public sealed record HistogramBar(DateTime Begin, DateTime End, long Events, bool IsCounted);
