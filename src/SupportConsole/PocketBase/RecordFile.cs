namespace SupportConsole.PocketBase;

/// <summary>
/// A file of a record, at most as large as the console reads at once. The content type is the app's word: who serves it on
/// decides what a browser may do with it, and must not let it be cached.
/// </summary>
internal sealed record RecordFile(string ContentType, ReadOnlyMemory<byte> Content);
