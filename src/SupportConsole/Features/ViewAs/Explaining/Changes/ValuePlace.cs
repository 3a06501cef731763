using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>A field of a record.</summary>
/// <param name="Collection">The record's collection.</param>
/// <param name="Record">The record.</param>
/// <param name="Field">The field.</param>
/// <param name="IsBack">Whether it was found by a relation of its own that points to where the path came from.</param>
internal sealed record ValuePlace(CollectionSchema Collection, PocketBaseRecord Record, CollectionField Field, bool IsBack);
