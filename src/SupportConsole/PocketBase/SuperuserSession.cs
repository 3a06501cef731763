using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>
/// The console's sign-in as superuser. It signs in once, renews at half of the token's life and signs in again once when the
/// server treats the token as dead. The token does not leave this class.
/// </summary>
/// <remarks>
/// PocketBase takes a dead token for a guest, so only requests that a guest is refused (401, 403) may be sent through it: a
/// request that answers guests with less would pass for the truth.
/// </remarks>
internal sealed partial class SuperuserSession(
    PocketBaseTransport transport, IOptions<PocketBaseOptions> options, TimeProvider clock, ILogger<SuperuserSession> logger) : IDisposable
{
    /// <summary>What a guest and an address that superusers may not use are refused, and every superuser is granted.</summary>
    public const string Proof = "/api/files/token";

    // The server's own default limit for logins is two in three seconds; a third would be refused for every client.
    private static readonly TimeSpan s_loginWindow = TimeSpan.FromSeconds(3);

    // Assumed of a new token where no clock agrees with its end.
    private static readonly TimeSpan s_shortestLife = TimeSpan.FromMinutes(1);

    private readonly PocketBaseOptions _options = options.Value;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Queue<DateTimeOffset> _logins = new(2);
    private PocketBaseProblem? _lastRejection;
    private volatile Held? _held;

    /// <summary>Changes with every sign-in; what was learnt about the server holds for one sign-in only.</summary>
    public int Generation => _held?.Generation ?? 0;

    /// <summary>
    /// Sends a request as superuser. When the server answers 401 or 403 it signs in again and repeats the request once, unless the token
    /// proves to be alive: then the refusal is somebody else's, such as a hook of the app, and is returned like any answer.
    /// </summary>
    /// <exception cref="PocketBaseProblem">As of the transport, or the superuser is not accepted.</exception>
    public async Task<PocketBaseAnswer> SendAsync(
        SuperuserUse use, Caller caller, HttpMethod method, string path, JsonObject? body, CancellationToken cancellation,
        IEnumerable<KeyValuePair<string, string>>? headers = null)
    {
        var held = await CurrentAsync(cancellation);
        var answer = await transport.SendAsync(method, path, held.Token, caller.AsUserAgent(use), body, cancellation, headers);
        if (!IsRejection(answer) || (path != Proof && await IsAliveAsync(use, caller, held, cancellation)))
        {
            return answer;
        }

        // The refused request had no effect, so repeating it is safe for any method.
        LogDead(use.Name);
        held = await ReplaceAsync(held, cancellation);
        answer = await transport.SendAsync(method, path, held.Token, caller.AsUserAgent(use), body, cancellation, headers);
        return IsRejection(answer) && (path == Proof || !await IsAliveAsync(use, caller, held, cancellation)) ? throw Rejected() : answer;
    }

    public void Dispose() => _gate.Dispose();

    private async Task<bool> IsAliveAsync(SuperuserUse use, Caller caller, Held held, CancellationToken cancellation) =>
        (await transport.SendAsync(HttpMethod.Post, Proof, held.Token, caller.AsUserAgent(use), null, cancellation)).Succeeded;

    private static bool IsRejection(PocketBaseAnswer answer) =>
        answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    private async Task<Held> CurrentAsync(CancellationToken cancellation)
    {
        if (_held is { } held && clock.GetUtcNow() < held.RenewAt)
        {
            return held;
        }

        await _gate.WaitAsync(cancellation);
        try
        {
            var now = clock.GetUtcNow();
            return _held switch
            {
                { } fresh when now < fresh.RenewAt => fresh,
                { } ageing when now < ageing.DeadAt => await RenewAsync(ageing),
                _ => await SignInAsync(),
            };
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Signs in again, unless another caller has done so since this token was handed out.</summary>
    private async Task<Held> ReplaceAsync(Held dead, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return _held is { } current && current != dead ? current : await SignInAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Held> RenewAsync(Held ageing)
    {
        PocketBaseAnswer answer;
        try
        {
            answer = await transport.SendAsync(
                HttpMethod.Post, $"/api/collections/{PocketBaseName.Superusers}/auth-refresh", ageing.Token,
                Caller.Console.AsUserAgent(SuperuserUse.SignIn), null, CancellationToken.None);
        }
        catch (PocketBaseProblem problem)
        {
            // Half of its life is left: good enough for this request, and the next one tries again.
            LogRenewalPutOff(problem.Kind);
            return ageing;
        }

        return answer.Succeeded ? Keep(answer, ageing.Generation) : await SignInAsync();
    }

    /// <summary>Not cancelled by who happened to ask first: the others wait for it too, and attempts are few.</summary>
    private async Task<Held> SignInAsync()
    {
        if (_options.SuperuserToken.Length > 0)
        {
            return _held is null
                ? _held = new Held(_options.SuperuserToken, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 1)
                : throw Rejected();
        }

        HoldBack();
        _lastRejection = null;
        var answer = await transport.SendAsync(
            HttpMethod.Post, $"/api/collections/{PocketBaseName.Superusers}/auth-with-password", null,
            Caller.Console.AsUserAgent(SuperuserUse.SignIn),
            new JsonObject { ["identity"] = _options.SuperuserEmail, ["password"] = _options.SuperuserPassword },
            CancellationToken.None);
        if (answer.Succeeded)
        {
            var held = Keep(answer, Generation + 1);
            LogSignedIn(held.DeadAt);
            return held;
        }

        _lastRejection = answer.Status switch
        {
            HttpStatusCode.Unauthorized when answer.Text("mfaId").Length > 0 => PocketBaseProblem.SecondFactorRequired(),
            HttpStatusCode.NotFound => PocketBaseProblem.TooOld(),
            _ => PocketBaseProblem.SuperuserRejected(),
        };
        LogRejected(_lastRejection.Kind);
        throw _lastRejection;
    }

    /// <summary>Lets two attempts through in three seconds, so that a wrong password is not hammered.</summary>
    private void HoldBack()
    {
        var now = clock.GetUtcNow();
        while (_logins.TryPeek(out var oldest) && now - oldest >= s_loginWindow)
        {
            _logins.Dequeue();
        }

        if (_logins.Count == 2)
        {
            throw _lastRejection?.Kind switch
            {
                PocketBaseProblemKind.SecondFactorRequired => PocketBaseProblem.SecondFactorRequired(),
                PocketBaseProblemKind.TooOld => PocketBaseProblem.TooOld(),
                PocketBaseProblemKind.SuperuserRejected => PocketBaseProblem.SuperuserRejected(),
                _ => PocketBaseProblem.LoginHeldBack(),
            };
        }

        _logins.Enqueue(now);
    }

    private Held Keep(PocketBaseAnswer answer, int generation)
    {
        var token = answer.Text("token");
        if (answer.Text("record", "collectionName") != PocketBaseName.Superusers || !TokenClaims.TryRead(token, out var claims))
        {
            throw PocketBaseProblem.NotPocketBase();
        }

        // Life is measured on the server's clock and counted on ours, which may differ by hours. A proxy may have written its own clock
        // into the answer: the shorter of two lives is renewed early, and a token that would be dead already isn't.
        var now = clock.GetUtcNow();
        var life = new[] { claims.ExpiresAt - answer.ServerClock, claims.ExpiresAt - now }.Where(left => left > TimeSpan.Zero).DefaultIfEmpty(s_shortestLife).Min();
        return _held = new Held(token, now + (life / 2), now + life, generation);
    }

    private PocketBaseProblem Rejected() => _options.SuperuserToken.Length > 0
        ? PocketBaseProblem.StaticTokenRejected()
        : PocketBaseProblem.SuperuserRejected();

    [LoggerMessage(EventId = 6010, Level = LogLevel.Information, Message = "Signed in to PocketBase as superuser; the token lives until {DeadAt:O}")]
    private partial void LogSignedIn(DateTimeOffset deadAt);

    [LoggerMessage(EventId = 6011, Level = LogLevel.Warning, Message = "PocketBase treats the superuser token as dead (while: {Use}); signing in again")]
    private partial void LogDead(string use);

    [LoggerMessage(EventId = 6012, Level = LogLevel.Warning, Message = "The superuser token could not be renewed yet: {Kind}")]
    private partial void LogRenewalPutOff(PocketBaseProblemKind kind);

    [LoggerMessage(EventId = 6013, Level = LogLevel.Error, Message = "PocketBase does not let the console sign in as superuser: {Kind}")]
    private partial void LogRejected(PocketBaseProblemKind kind);

    /// <summary>A class and not a record: a record would print the token.</summary>
    private sealed class Held(string token, DateTimeOffset renewAt, DateTimeOffset deadAt, int generation)
    {
        public string Token { get; } = token;

        public DateTimeOffset RenewAt { get; } = renewAt;

        public DateTimeOffset DeadAt { get; } = deadAt;

        public int Generation { get; } = generation;
    }
}
