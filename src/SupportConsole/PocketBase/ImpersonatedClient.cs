using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>
/// Reads as a user, and can do nothing else. It holds the only copy of the impersonation token and never shows it. What a
/// read returns is proved, otherwise the answer is thrown away: a dead token would read as a guest. With the companion hook the answer
/// itself says whose it is; without it, the server must confirm the token for this very user after the read.
/// </summary>
[DebuggerDisplay("read access as {User}")]
internal sealed class ImpersonatedClient : IDisposable
{
    private readonly PocketBaseTransport _transport;
    private readonly Caller _caller;
    private readonly MintedToken _token;

    private readonly IEnumerable<KeyValuePair<string, string>> _headers;

    private volatile bool _isGuarded;

    /// <param name="transport">The way to PocketBase.</param>
    /// <param name="caller">On whose behalf it is read.</param>
    /// <param name="user">As whom it is read.</param>
    /// <param name="token">The user's token.</param>
    /// <param name="headers">What the app's own client would send besides; null for nothing.</param>
    internal ImpersonatedClient(
        PocketBaseTransport transport, Caller caller, AppUserId user, MintedToken token, IEnumerable<KeyValuePair<string, string>>? headers = null)
    {
        _transport = transport;
        _caller = caller;
        _token = token;
        _headers = headers ?? [];
        User = user;
    }

    /// <summary>As whom this reads.</summary>
    public AppUserId User { get; }

    /// <summary>When access ends, on the console's clock.</summary>
    public DateTimeOffset ExpiresAt => _token.ExpiresAt;

    /// <summary>What the companion hook put into the token, by which PocketBase can be told to refuse it; null where there is none.</summary>
    public CompanionMark? Mark => _token.Mark;

    /// <summary>
    /// Whether PocketBase's companion hook guards this access, as far as is known now: it has proved that it refuses what would write with
    /// the token, and it says of each answer whose it is.
    /// </summary>
    public bool IsGuarded => _isGuarded;

    /// <summary>Lists records as the user.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the token is dead.</exception>
    public Task<ReadOutcome<RecordPage>> ListAsync(RecordQuery query, CancellationToken cancellation) => ListAsync(query, ReadAsync, cancellation);

    /// <summary>
    /// Lists several collections as the user, some of them at once, under one proof where answers don't prove themselves. Each list is answered or fails by itself; none may be
    /// looked at before the proof, and so all have come to an end when this returns.
    /// </summary>
    /// <param name="queries">What is asked.</param>
    /// <param name="atOnce">How many requests PocketBase has to answer at the same time.</param>
    /// <param name="cancellation">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="PocketBaseProblem">The token is dead, or that couldn't be asked.</exception>
    public async Task<IReadOnlyList<Task<ReadOutcome<RecordPage>>>> ListEachAsync(
        IReadOnlyList<RecordQuery> queries, int atOnce, CancellationToken cancellation)
    {
        using var free = new SemaphoreSlim(atOnce);
        Func<string, CancellationToken, Task<PocketBaseAnswer>> ask = _isGuarded ? ReadAsync : AskAsync;
        Task<ReadOutcome<RecordPage>>[] lists = [.. queries.Select(ListInTurnAsync)];
        await ProveTogetherAsync(lists, ask == AskAsync, cancellation);
        return lists;

        async Task<ReadOutcome<RecordPage>> ListInTurnAsync(RecordQuery query)
        {
            await free.WaitAsync(cancellation);
            try
            {
                return await ListAsync(query, ask, cancellation);
            }
            finally
            {
                free.Release();
            }
        }
    }

    /// <summary>Reads one record as the user.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the token is dead.</exception>
    public Task<ReadOutcome<PocketBaseRecord>> ViewAsync(
        string collection, string id, string? expand, string? fields, CancellationToken cancellation) => ViewAsync(collection, id, expand, fields, ReadAsync, cancellation);

    /// <summary>
    /// Asks for one record in both ways that a user has, the list and the single view, under one proof where answers don't prove themselves. The list
    /// is asked together with a record that is in it: PocketBase holds back, by up to half a second, answers to filters that find nothing too often (measured).
    /// </summary>
    /// <param name="collection">The record's collection.</param>
    /// <param name="id">The record's id, which can be written as a literal.</param>
    /// <param name="grammar">How the server reads filters.</param>
    /// <param name="cancellation">Cancelled when nobody waits for it any more.</param>
    /// <returns>Whether the list has it, and whether it can be viewed.</returns>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the token is dead.</exception>
    public async Task<(ReadOutcome<bool> Listed, ReadOutcome<bool> Viewed)> ReadBothWaysAsync(string collection, string id, FilterGrammar grammar, CancellationToken cancellation)
    {
        Func<string, CancellationToken, Task<PocketBaseAnswer>> ask = _isGuarded ? ReadAsync : AskAsync;
        var (listing, viewing) = (IsListedAsync(), ViewAsync(collection, id, null, "id", ask, cancellation));
        await ProveTogetherAsync([listing, viewing], ask == AskAsync, cancellation);
        return (await listing, (await viewing).Select(_ => true));

        async Task<ReadOutcome<bool>> IsListedAsync()
        {
            var first = await ListAsync(new RecordQuery(collection) { PerPage = 1, Fields = "id" }, ask, cancellation);
            if (first is not ReadOutcome<RecordPage>.Found { Value.Items: [var seen] } || seen.Id == id || !PocketBaseFilter.TryLiteral(grammar, seen.Id, out var other))
            {
                return first.Select(page => page.Items is [{ Id: var only }] && only == id);
            }

            var alone = $"id = {PocketBaseFilter.Literal(grammar, id)}";
            var found = await ListAsync(new RecordQuery(collection) { PerPage = 2, Fields = "id", Filter = $"{alone} || id = {other}" }, ask, cancellation);
            if (found is ReadOutcome<RecordPage>.Found { Value: { MayHaveMore: true } page } && page.Items.All(record => record.Id != id))
            {
                // A view may hold the other one's id any number of times.
                found = await ListAsync(new RecordQuery(collection) { PerPage = 1, Fields = "id", Filter = alone }, ask, cancellation);
            }

            return found.Select(listed => listed.Items.Any(record => record.Id == id));
        }
    }

    /// <summary>
    /// Opens a file of a record as the user: with a file token made for it now, which is the proof, where the field protects its files. Which
    /// names a record gives its files is the caller's to ask.
    /// </summary>
    /// <param name="collection">The record's collection.</param>
    /// <param name="record">The record's id.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="thumb">The size of the picture wished for, as PocketBase writes it; null for the file itself.</param>
    /// <param name="isProtected">Whether the field protects its files.</param>
    /// <param name="cancellation">Cancelled when nobody waits for it any more.</param>
    /// <returns>The file; null when PocketBase gives none to this user.</returns>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the token is dead.</exception>
    public async Task<PocketBaseFile?> ReadFileAsync(
        string collection, string record, string name, string? thumb, bool isProtected, CancellationToken cancellation)
    {
        // The last two would be another address.
        if (!PocketBaseName.IsValid(collection) || record is "" or "." or ".." || name is "" or "." or "..")
        {
            return null;
        }

        var token = await _token.FileTokenAsync(cancellation);
        var query = string.Join('&', Parameters(("token", isProtected ? token : null), ("thumb", thumb)));
        return await _transport.OpenFileAsync(
            $"/api/files/{collection}/{Uri.EscapeDataString(record)}/{Uri.EscapeDataString(name)}?{query}", _caller.AsUserAgent(), _headers, cancellation);
    }

    /// <summary>
    /// Asks for the changes of a collection from now on, of records that the user's list holds. The token is proved once; what comes later is not: see
    /// <see cref="RecordChanges"/>. The request that says whose changes these are writes nothing: it is how PocketBase takes the question.
    /// </summary>
    /// <param name="collection">The collection.</param>
    /// <param name="fields">What is wanted of each record.</param>
    /// <param name="cancellation">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the token is dead.</exception>
    public async Task<RecordChanges> ReadChangesAsync(string collection, IEnumerable<string> fields, CancellationToken cancellation)
    {
        const string Path = "/api/realtime";
        var changes = await _transport.OpenChangesAsync(Path, _caller.AsUserAgent(), _headers, cancellation);
        try
        {
            // A rule that looks at the request sees what stands here, and not the headers of the connection.
            var options = new JsonObject
            {
                ["query"] = new JsonObject { ["fields"] = string.Join(',', fields) },
                ["headers"] = new JsonObject(_headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value))),
            };
            var body = new JsonObject
            {
                ["clientId"] = await changes.ConnectAsync(cancellation),
                ["subscriptions"] = new JsonArray($"{collection}/*?options={Uri.EscapeDataString(options.ToJsonString())}"),
            };
            var answer = await _transport.SendAsync(HttpMethod.Post, Path, _token.Live(), _caller.AsUserAgent(), body, cancellation, _headers);
            if (answer.Status != HttpStatusCode.NoContent)
            {
                // Of several servers behind one address only one knows the connection.
                throw answer.Status == HttpStatusCode.NotFound ? PocketBaseProblem.Failed() : PocketBaseProblem.ReadRefused();
            }

            await ProveAliveAsync(cancellation);
            return changes;
        }
        catch
        {
            changes.Dispose();
            throw;
        }
    }

    /// <summary>Proves that the token is alive and this user's. Reads do this themselves. A token that fails is dropped.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the token is dead.</exception>
    public Task ProveAliveAsync(CancellationToken cancellation) => _token.ProveAliveAsync(cancellation);

    /// <summary>
    /// Proves that nothing between here and PocketBase answers one question with another's answer, as a cache does that keeps answers by
    /// their path alone: there a parameter that nobody can guess is no protection. Two questions that differ in nothing but the query,
    /// and PocketBase repeats in its answers which one it was asked.
    /// </summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or something else answered.</exception>
    public async Task ProveUnsharedAsync(string collection, CancellationToken cancellation)
    {
        for (var length = 1; length <= 2; length++)
        {
            await ListAsync(new RecordQuery(collection) { PerPage = length, Fields = "id" }, AskAsync, cancellation);
        }
    }

    /// <summary>
    /// Has PocketBase prove that it refuses what would write with this token. The one request that isn't a read: the deletion of a record
    /// that can't exist, which without the companion hook finds nothing. From then on reads are proved by what the hook says of each.
    /// </summary>
    /// <returns>Whether the hook stands before writes; false also where PocketBase couldn't be asked, and without a question where there is no hook.</returns>
    public async Task<bool> ProveGuardedAsync(CancellationToken cancellation)
    {
        if (Mark is not { } mark || mark.Session != _caller.SessionId || mark.Actor != _caller.ActorHash)
        {
            return false;
        }

        try
        {
            var answer = await _transport.SendAsync(
                HttpMethod.Delete, CompanionScript.AddressOfNobody(User.Collection), _token.Live(), _caller.AsUserAgent(), null, cancellation);
            _isGuarded = CompanionScript.RefusesWrite(answer) && answer.SeenAs == _token.SeenAs;
        }
        catch (PocketBaseProblem)
        {
            _isGuarded = false;
        }

        return _isGuarded;
    }

    /// <summary>Drops the token. Everything after that fails with <see cref="PocketBaseProblemKind.TokenRejected"/>.</summary>
    public void Forget() => _token.Forget();

    public void Dispose() => Forget();

    public override string ToString() => $"read access as {User}";

    private static async Task<ReadOutcome<RecordPage>> ListAsync(
        RecordQuery query, Func<string, CancellationToken, Task<PocketBaseAnswer>> ask, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Page, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PerPage, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PerPage, query.Fields == "id" ? RecordQuery.MaxIdsPerPage : RecordQuery.MaxPerPage);
        if (!PocketBaseName.IsValid(query.Collection))
        {
            return new ReadOutcome<RecordPage>.Missing();
        }

        if (query.Filter is { } filter && !PocketBaseFilter.Fits(filter))
        {
            throw PocketBaseProblem.FilterTooLong();
        }

        var path = $"/api/collections/{query.Collection}/records?page={query.Page}&perPage={query.PerPage}&skipTotal={(query.Counted ? 0 : 1)}&"
            + string.Join('&', Parameters(("sort", query.Sort), ("filter", query.Filter), ("expand", query.Expand), ("fields", query.Fields)));
        var answer = await ask(path, cancellation);
        return answer.Status switch
        {
            HttpStatusCode.OK => new ReadOutcome<RecordPage>.Found(answer.ToPage(query.Page, query.PerPage)),
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => new ReadOutcome<RecordPage>.Locked(),
            HttpStatusCode.NotFound => new ReadOutcome<RecordPage>.Missing(),
            _ => throw PocketBaseProblem.ReadRefused(),
        };
    }

    /// <summary>Waits for several reads to end, each well or badly, and proves what didn't prove itself: none may be looked at before.</summary>
    private async Task ProveTogetherAsync(IReadOnlyList<Task> reads, bool unproved, CancellationToken cancellation)
    {
        await Task.WhenAll(reads).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        if (unproved)
        {
            await ProveAliveAsync(cancellation);
        }
        else if (reads.FirstOrDefault(read => read.Exception?.InnerException is PocketBaseProblem { Kind: PocketBaseProblemKind.TokenRejected }) is { } rejected)
        {
            await rejected;
        }
    }

    private static async Task<ReadOutcome<PocketBaseRecord>> ViewAsync(
        string collection, string id, string? expand, string? fields, Func<string, CancellationToken, Task<PocketBaseAnswer>> ask, CancellationToken cancellation)
    {
        // A view's ids are whatever its query makes of them; only these two would be another address.
        if (!PocketBaseName.IsValid(collection) || id is "" or "." or "..")
        {
            return new ReadOutcome<PocketBaseRecord>.Missing();
        }

        var query = string.Join('&', Parameters(("expand", expand), ("fields", fields)));
        var answer = await ask($"/api/collections/{collection}/records/{Uri.EscapeDataString(id)}?{query}", cancellation);
        return answer.Status switch
        {
            HttpStatusCode.OK when answer.Text("id") != id => throw PocketBaseProblem.SharedAnswer("it answers another question"),
            HttpStatusCode.OK => new ReadOutcome<PocketBaseRecord>.Found(new PocketBaseRecord(answer.Body)),
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => new ReadOutcome<PocketBaseRecord>.Locked(),
            HttpStatusCode.NotFound => new ReadOutcome<PocketBaseRecord>.Missing(),
            _ => throw PocketBaseProblem.ReadRefused(),
        };
    }

    /// <summary>An answer that is proved to be this user's, whatever its status.</summary>
    private async Task<PocketBaseAnswer> ReadAsync(string path, CancellationToken cancellation)
    {
        var answer = await AskAsync(path, cancellation);
        if (!_isGuarded)
        {
            await ProveAliveAsync(cancellation);
        }
        else if (answer.SeenAs is null)
        {
            // Either the hook is gone, or the answer isn't from where the hook is. The proof of before tells: if the hook speaks in it, the latter.
            if ((await _token.ProveAliveAsync(cancellation)).SeenAs is not null)
            {
                throw PocketBaseProblem.SharedAnswer("it doesn't say whose it is, as PocketBase's own answers do");
            }

            _isGuarded = false;
        }
        else if (answer.SeenAs == CompanionScript.Guest)
        {
            Forget();
            throw PocketBaseProblem.TokenRejected();
        }
        else if (answer.SeenAs != _token.SeenAs)
        {
            throw PocketBaseProblem.SharedAnswer("it says that it is another user's");
        }

        return answer;
    }

    private Task<PocketBaseAnswer> AskAsync(string path, CancellationToken cancellation) =>
        _transport.SendAsync(HttpMethod.Get, path, _token.Live(), _caller.AsUserAgent(), null, cancellation, _headers);

    private static IEnumerable<string> Parameters(params IEnumerable<(string Name, string? Value)> parameters) =>
        parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}");
}
