namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>Changes that suffice together.</summary>
/// <param name="Parts">Each is needed.</param>
public sealed record AccessChange(IReadOnlyList<ValueChange> Parts);
