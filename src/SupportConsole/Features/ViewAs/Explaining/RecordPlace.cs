namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>Where a record is.</summary>
/// <param name="Collection">The collection's name.</param>
/// <param name="Id">The record's id.</param>
public sealed record RecordPlace(string Collection, string Id);
