using System.Net;
using System.Text.Json.Nodes;

namespace SupportConsole.PocketBase;

/// <summary>What the console and its companion hook in PocketBase say to each other. Without one everything works as before.</summary>
internal sealed partial class CompanionHook(SuperuserRequests requests, TimeProvider clock, ILogger<CompanionHook> logger)
{
    /// <summary>
    /// Most decisions of one request: each is a query of PocketBase's, so that they keep one of its database's readers busy for some tenths of a second.
    /// </summary>
    public const int MostDecisions = 2000;

    // Longer than an answer takes, and short enough that nobody waits for the end of a session.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// What PocketBase has of it, for people. A session doesn't ask: its own token says whether a companion marked it, and of which version.
    /// </summary>
    public async Task<CompanionState> FindAsync(Caller caller, CancellationToken cancellation)
    {
        try
        {
            var answer = await requests.SendAsync(SuperuserUse.CheckSetUp, caller, HttpMethod.Get, CompanionScript.Path, null, cancellation);
            var version = answer.Text("version");
            return answer.Status switch
            {
                HttpStatusCode.OK => new CompanionState(CompanionState.FitOf(version), version, answer.SeenAs is not null),
                HttpStatusCode.NotFound => new CompanionState(CompanionFit.Absent),
                _ => new CompanionState(CompanionFit.Undecided),
            };
        }
        catch (PocketBaseProblem)
        {
            return new CompanionState(CompanionFit.Undecided);
        }
    }

    /// <summary>
    /// Has PocketBase decide clauses of its rule language for users and records, by its own engine and with no other filter's rules in the way.
    /// </summary>
    /// <param name="use">What for.</param>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="users">The users' collection, and their ids.</param>
    /// <param name="records">The records' collection, and their ids.</param>
    /// <param name="clauses">What is decided; none empty. At most <see cref="MostDecisions"/> of users × records × clauses.</param>
    /// <param name="cancellation">Cancelled when nobody waits for it any more.</param>
    /// <returns>The answers; null where there is no companion that can decide.</returns>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or answers what was not asked.</exception>
    public async Task<CompanionDecisions?> DecideAsync(
        SuperuserUse use, Caller caller, (string Collection, IReadOnlyList<string> Ids) users, (string Collection, IReadOnlyList<string> Ids) records,
        IReadOnlyList<string> clauses, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)users.Ids.Count * records.Ids.Count * clauses.Count, MostDecisions);
        var answer = await requests.SendAsync(
            use, caller, HttpMethod.Post, $"{CompanionScript.Path}/decide",
            new JsonObject { ["users"] = Of(users), ["records"] = Of(records), ["clauses"] = ToArray(clauses) }, cancellation);
        return answer.Status switch
        {
            HttpStatusCode.OK => CompanionDecisions.From(answer.Body, users.Ids.Count, records.Ids.Count, clauses.Count),

            // Without one there is no such address; one of an earlier version expects another question.
            HttpStatusCode.NotFound or HttpStatusCode.BadRequest => null,
            _ => throw PocketBaseProblem.Refused(),
        };

        static JsonObject Of((string Collection, IReadOnlyList<string> Ids) rows) => new() { ["collection"] = rows.Collection, ["ids"] = ToArray(rows.Ids) };

        static JsonArray ToArray(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
    }

    /// <summary>
    /// Has PocketBase refuse a token from now on, whoever holds it. It takes half a second at most: the console has dropped the token
    /// already, and an end waits for nobody.
    /// </summary>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="mark">Which token.</param>
    /// <returns>Whether PocketBase confirmed it.</returns>
    public async Task<bool> TryEndAsync(Caller caller, CompanionMark mark)
    {
        var hindrance = await EndAsync(caller, mark);
        if (hindrance is not null)
        {
            LogNotEnded(mark.Session, hindrance);
        }

        return hindrance is null;
    }

    /// <summary>The same for a token of which that was said before: only that it worked goes into the log.</summary>
    public async Task<bool> TryEndAgainAsync(Caller caller, CompanionMark mark)
    {
        var hindrance = await EndAsync(caller, mark);
        if (hindrance is null)
        {
            LogEndedLate(mark.Session);
        }

        return hindrance is null;
    }

    private async Task<string?> EndAsync(Caller caller, CompanionMark mark)
    {
        using var patience = new CancellationTokenSource(s_patience, clock);
        try
        {
            var answer = await requests.SendAsync(
                SuperuserUse.EndToken, caller, HttpMethod.Post, $"{CompanionScript.Path}/end",
                new JsonObject { ["jti"] = mark.TokenId, ["exp"] = mark.ExpiresAt.ToUnixTimeSeconds() }, patience.Token)
                .WaitAsync(patience.Token); // A sign-in on the way there isn't given up, but isn't waited for either.
            return answer.Status == HttpStatusCode.NoContent ? null : $"it answered {(int)answer.Status}";
        }
        catch (PocketBaseProblem problem)
        {
            return problem.Kind.ToString();
        }
        catch (OperationCanceledException)
        {
            return "no answer in time";
        }
    }

    [LoggerMessage(EventId = 6040, Level = LogLevel.Warning, Message = "The token of session {Session} is dropped here, but PocketBase didn't confirm that it refuses it ({Cause}); a session's is told again until it ends by itself")]
    private partial void LogNotEnded(string session, string cause);

    [LoggerMessage(EventId = 6041, Level = LogLevel.Information, Message = "PocketBase confirmed, later than at its end, that it refuses the token of session {Session}")]
    private partial void LogEndedLate(string session);
}
