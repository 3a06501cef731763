using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>
/// Lays an ended session beside PocketBase's own log of it. That takes superuser rights, so nothing does it but somebody's wish, which is
/// recorded before PocketBase is asked.
/// </summary>
internal sealed class SessionComparison(
    Pace pace, SessionHistory history, SessionLines lines, RequestLog log, AuditedRead audited, KeyedHash hash, TimeProvider clock)
{
    /// <summary>Lines of PocketBase's log that are read; a session within the console's limits has fewer.</summary>
    private const int MostLines = 100_000;

    // The clocks of the two may differ by so much; the session's mark tells whose line it is, this only where to begin.
    private static readonly TimeSpan s_before = TimeSpan.FromMinutes(5);

    // PocketBase writes its log down when nobody has asked it for anything for three seconds, or when 200 lines have come together.
    private static readonly TimeSpan s_writesWithin = TimeSpan.FromSeconds(10);

    /// <summary>Compares; null where <see cref="SessionHistory.FindAsync"/> would find nothing.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<LogComparison?> CompareAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        if (await history.AdmitAsync(who, sessionId, cancellationToken) is not { } admitted)
        {
            return null;
        }

        await pace.KeepAsync(admitted.Staff, Limit.Reads);
        var caller = hash.CallerFor(admitted.Staff.Member.Id);
        return await audited.RunAsync(
            admitted.Begin(AuditEventTypes.SessionCompared, clock.GetUtcNow()),
            () => CompareAsync(admitted, caller, cancellationToken),
            (entry, compared) => entry with
            {
                Detail = compared.Unavailable is null
                    ? $"{compared.Expected - compared.Missing} of {compared.Expected} reads found, {compared.UnexpectedCount} requests unexpected"
                    : "nothing to compare with",
            });
    }

    private async Task<LogComparison> CompareAsync(AdmittedReader admitted, Caller caller, CancellationToken cancellationToken)
    {
        var settings = await log.SettingsAsync(SuperuserUse.CompareLog, caller, cancellationToken);
        if (settings is { Days: 0 })
        {
            return Unavailable("PocketBase keeps no log of requests: in its settings, maxDays is 0.");
        }

        var outline = await lines.OutlineAsync(admitted.SessionId, admitted.Opened, admitted.Ended, cancellationToken);
        if (outline.Purpose is not { } purpose)
        {
            return Unavailable("Whose session it was can't be read any more, and so not which requests were signed for it.");
        }

        var matcher = new LogMatcher(outline, hash.CallerFor(purpose.Actor.Id, outline.SessionId));
        await foreach (var line in lines.AllAsync(outline, cancellationToken))
        {
            if (line.IsRead)
            {
                matcher.Await(line);
            }
        }

        var since = (outline.Requested ?? admitted.Opened).Event.At - s_before;
        var isCut = false;
        for (var page = 1; ; page++)
        {
            var found = await log.OfSessionAsync(SuperuserUse.CompareLog, caller, outline.SessionId, since, page, cancellationToken);
            if (found is null)
            {
                return Unavailable("PocketBase doesn't let the console at its log: something before it, a hook or a proxy, refuses the address /api/logs.");
            }

            foreach (var line in found)
            {
                matcher.Take(line);
            }

            if (found.Count < RequestLog.PageLength)
            {
                break;
            }

            if (page * RequestLog.PageLength >= MostLines)
            {
                isCut = true;
                break;
            }
        }

        var compared = matcher.End(clock.GetUtcNow());
        return compared with { Cautions = [.. CautionsOf(admitted, settings, compared, isCut)] };
    }

    private static IEnumerable<string> CautionsOf(AdmittedReader admitted, (int Days, int Level)? settings, LogComparison compared, bool isCut)
    {
        var now = compared.At;
        if (isCut)
        {
            yield return $"The log has more than {Number(MostLines)} lines of this session; only the first were read.";
        }

        if (now - admitted.Ended.Event.At < s_writesWithin)
        {
            yield return "The session has only just ended, and PocketBase writes its lines once nobody has asked it for anything for about three seconds: compare again in a moment before a line counts as missing.";
        }

        if (compared.Missing == 0)
        {
            yield break;
        }

        if (settings is not { } kept)
        {
            yield return "How many days PocketBase keeps its lines couldn't be asked; by default it is 5.";
        }
        else
        {
            if (now - admitted.Opened.Event.At > TimeSpan.FromDays(kept.Days))
            {
                yield return $"PocketBase keeps its lines for {kept.Days} {(kept.Days == 1 ? "day" : "days")}, and this session is older: what is missing was removed, most likely.";
            }

            if (kept.Level > 0)
            {
                yield return $"PocketBase's log leaves out what is below level {kept.Level}, and an answered request has the level 0: its lines are missing for that reason.";
            }
        }
    }

    private LogComparison Unavailable(string why) => new() { At = clock.GetUtcNow(), Unavailable = why };
}
