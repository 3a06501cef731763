namespace SupportConsole.Features.ViewAs.Records;

/// <summary>What the user could do with a record, where its rules could be asked.</summary>
/// <param name="Update">Whether they may change it; null where that is undecided.</param>
/// <param name="Delete">Whether they may delete it; null where that is undecided.</param>
public sealed record RecordRights(bool? Update, bool? Delete);
