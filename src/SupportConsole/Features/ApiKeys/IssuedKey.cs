using SupportConsole.Core.ApiKeys;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys;

/// <summary>A key whose account is there and whose token isn't made yet, with what it would reach.</summary>
/// <param name="Key">The key, written down as a draft.</param>
/// <param name="Reach">What its account reaches with today's rules.</param>
internal sealed record KeyDraft(ApiKey Key, IReadOnlyList<ReachedCollection> Reach);

/// <summary>
/// A key that has just been made, with its token, for the one who asked. A class without a printable form; disposing of it drops the
/// token, and nothing can bring it back.
/// </summary>
internal sealed class IssuedKey(ApiKey key, MintedToken token, IReadOnlyList<ReachedCollection> reach) : IDisposable
{
    public ApiKey Key { get; } = key;

    /// <summary>What its account reaches with today's rules; empty for a superuser key, which reaches everything.</summary>
    public IReadOnlyList<ReachedCollection> Reach { get; } = reach;

    /// <summary>What has to be known beside it: that the key it takes over from isn't revoked yet.</summary>
    public string? Warning { get; private init; }

    /// <summary>The same key with something to be known beside it; this one must not be used any more.</summary>
    public IssuedKey With(string warning) => new(Key, token, Reach) { Warning = warning };

    /// <summary>The token, to be shown once.</summary>
    /// <exception cref="PocketBaseProblem">It was dropped.</exception>
    public string Reveal() => token.Live();

    public void Dispose() => token.Dispose();
}
