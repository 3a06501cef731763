namespace SupportConsole.PocketBase;

/// <summary>A change of a record, as PocketBase announces it to a user who sees the record.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Record">The record as it is now, or was last; with the fields that were asked for.</param>
internal sealed record RecordChange(ChangeKind Kind, PocketBaseRecord Record);
