namespace SupportConsole.PocketBase;

/// <summary>The account behind a key: a record of an auth collection.</summary>
/// <param name="Collection">The collection's name.</param>
/// <param name="Record">The record's id.</param>
internal readonly record struct AccountId(string Collection, string Record);
