using System.Diagnostics;
using System.Net;

namespace SupportConsole.PocketBase;

/// <summary>
/// A token that the console had made for one record, kept in memory only. It can be asked whether it lives, has no printable form,
/// and forgets itself at its end.
/// </summary>
[DebuggerDisplay("a token of {RecordId}")]
internal sealed class MintedToken : IDisposable
{
    private readonly PocketBaseTransport _transport;
    private readonly TimeProvider _clock;
    private readonly string _userAgent;
    private readonly string _collectionId;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private volatile string? _token;

    internal MintedToken(
        PocketBaseTransport transport, TimeProvider clock, string userAgent, TokenClaims claims, string token, DateTimeOffset expiresAt)
    {
        _transport = transport;
        _clock = clock;
        _userAgent = userAgent;
        _collectionId = claims.CollectionId;
        _token = token;
        RecordId = claims.Id;
        Mark = claims.Mark;
        ExpiresAt = expiresAt;
    }

    /// <summary>Whose token it is.</summary>
    public string RecordId { get; }

    /// <summary>What the companion hook says of it; null where PocketBase has none.</summary>
    public CompanionMark? Mark { get; }

    /// <summary>As whom the companion hook sees requests with this token, while it lives.</summary>
    public string SeenAs => $"{_collectionId}/{RecordId}";

    /// <summary>When it ends, on the console's clock.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>
    /// Proves that the token is alive and this record's: only then does the server make a file token, which names the record. A
    /// token that fails is dropped.
    /// </summary>
    /// <returns>The server's answer, for what the companion hook says of it.</returns>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the token is dead.</exception>
    public async Task<PocketBaseAnswer> ProveAliveAsync(CancellationToken cancellation)
    {
        var answer = await AskForFileTokenAsync(cancellation);
        if (!answer.Succeeded || !TokenClaims.TryRead(answer.Text("token"), out var claims)
            || claims.Id != RecordId || claims.CollectionId != _collectionId)
        {
            Forget();
            throw PocketBaseProblem.TokenRejected();
        }

        return answer;
    }

    /// <summary>Proves the same, and gives the file token that proves it: for a file's address on the way to the server, and nowhere else.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the token is dead.</exception>
    public async Task<string> FileTokenAsync(CancellationToken cancellation) => (await ProveAliveAsync(cancellation)).Text("token");

    /// <summary>Whether the server refuses a token that hasn't reached its end: true for its 401, false while it is alive.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked or answers neither; or the token has reached its end, which proves nothing.</exception>
    public async Task<bool> IsRefusedAsync(CancellationToken cancellation)
    {
        var answer = await AskForFileTokenAsync(cancellation);
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => true,
            _ when answer.Succeeded => false,
            _ => throw PocketBaseProblem.Refused(),
        };
    }

    /// <summary>The token itself, for the header of a request, or for the one person it is made for.</summary>
    /// <exception cref="PocketBaseProblem">It is over, or was dropped.</exception>
    public string Live()
    {
        if (_clock.GetUtcNow() >= ExpiresAt)
        {
            Forget();
        }

        return _token ?? throw PocketBaseProblem.TokenForgotten();
    }

    /// <summary>Drops the token.</summary>
    public void Forget() => _token = null;

    public void Dispose() => Forget();

    public override string ToString() => $"a token of {RecordId}";

    private Task<PocketBaseAnswer> AskForFileTokenAsync(CancellationToken cancellation) =>
        _transport.SendAsync(HttpMethod.Post, "/api/files/token", Live(), _userAgent, null, cancellation);
}
