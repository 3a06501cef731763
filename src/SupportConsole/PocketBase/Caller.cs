namespace SupportConsole.PocketBase;

/// <summary>
/// On whose behalf PocketBase is asked. It goes into the User-Agent, so that PocketBase's own request log can be laid beside
/// the console's audit trail; hence a hash of the staff member, not a name.
/// </summary>
/// <param name="ActorHash">Keyed hash of the staff id.</param>
/// <param name="SessionId">The view-as session, where there is one; for API keys a mark of the console's, by which it knows its own requests.</param>
internal sealed record Caller(string ActorHash, string? SessionId = null)
{
    /// <summary>The console itself, where no person asked: readiness, login.</summary>
    public static Caller Console { get; } = new("console");

    /// <summary>The User-Agent of a read made as the user.</summary>
    public string AsUserAgent() => $"SupportConsole/1.0 (session {Clean(SessionId)}; actor {Clean(ActorHash)})";

    /// <summary>The User-Agent of a superuser's request.</summary>
    public string AsUserAgent(SuperuserUse use) => SessionId is null
        ? $"SupportConsole/1.0 ({Clean(use.Name)}; actor {Clean(ActorHash)})"
        : $"SupportConsole/1.0 ({Clean(use.Name)}; session {Clean(SessionId)}; actor {Clean(ActorHash)})";

    /// <summary>The same for the companion hook, which puts it into the session's token; nothing else takes notice of it.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToCompanion() =>
        [new(CompanionScript.ActorHeader, Clean(ActorHash)), new(CompanionScript.SessionHeader, Clean(SessionId))];

    /// <summary>Header text is made of plain characters only, whatever an id contains.</summary>
    private static string Clean(string? text)
    {
        var clean = new string([.. (text ?? "").Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.').Take(64)]);
        return clean.Length == 0 ? "none" : clean;
    }
}
