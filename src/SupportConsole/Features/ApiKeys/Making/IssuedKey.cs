using SupportConsole.Core.ApiKeys;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Making;

/// <summary>
/// A key that has just been made, with its token, for the one who asked. A class without a printable form; disposing of it drops the
/// token, and nothing can bring it back.
/// </summary>
public sealed class IssuedKey : IDisposable
{
    private readonly MintedToken _token;

    internal IssuedKey(ApiKey key, MintedToken token, IReadOnlyList<CollectionReach> reach)
    {
        _token = token;
        Key = key;
        Reach = reach;
    }

    /// <summary>The key, as it was written down.</summary>
    public ApiKey Key { get; }

    /// <summary>What its account reaches with today's rules; empty where that was said before, with the draft.</summary>
    public IReadOnlyList<CollectionReach> Reach { get; }

    /// <summary>What has to be known beside it: that the key it takes over from isn't revoked yet.</summary>
    public string? Warning { get; private init; }

    /// <summary>The same key with something to be known beside it; this one must not be used any more.</summary>
    internal IssuedKey With(string warning) => new(Key, _token, Reach) { Warning = warning };

    /// <summary>The token, to be shown once.</summary>
    /// <exception cref="PocketBaseProblem">It was dropped.</exception>
    public string Reveal() => _token.Live();

    /// <inheritdoc />
    public void Dispose() => _token.Dispose();
}
