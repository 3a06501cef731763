using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Features.ApiKeys;

/// <summary>What a dialog holds, kept while its person confirms who they are.</summary>
/// <param name="Act">Which dialog.</param>
/// <param name="Key">The key's id, where it is about one.</param>
/// <param name="Wish">The key that is wanted, or how long a successor lives.</param>
/// <param name="Reason">Why.</param>
/// <param name="OverlapMinutes">How long a rotated key goes on.</param>
/// <param name="Owner">Whose keys end in an emergency; empty for everybody's.</param>
public sealed record KeyForm(
    KeyAct Act, string? Key = null, KeyWish? Wish = null, string? Reason = null, int? OverlapMinutes = null, string? Owner = null);
