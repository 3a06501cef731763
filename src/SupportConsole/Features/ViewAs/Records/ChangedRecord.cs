using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>A record that something happened to.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is called; its id where nothing says.</param>
/// <param name="At">When the console heard of it.</param>
internal sealed record ChangedRecord(ChangeKind Kind, string Id, string Name, DateTimeOffset At);
