using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Features.ApiKeys.Making;

/// <summary>A key whose account is there and whose token isn't made yet, with what it would reach.</summary>
/// <param name="Key">The key, written down as a draft.</param>
/// <param name="Reach">What its account reaches with today's rules.</param>
internal sealed record KeyDraft(ApiKey Key, IReadOnlyList<CollectionReach> Reach);
