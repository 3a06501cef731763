using System.Globalization;
using System.Net;
using System.Text.Json;

namespace SupportConsole.PocketBase;

/// <summary>PocketBase's own log of requests, which only superusers may read: the second witness of a view-as session.</summary>
internal sealed class RequestLog(SuperuserRequests requests)
{
    /// <summary>Lines of one page.</summary>
    public const int PageLength = 500;

    /// <summary>How PocketBase keeps its log; null where the console isn't let at the settings.</summary>
    /// <param name="use">What for.</param>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>
    /// How many days lines are kept, 0 for not at all, and the level below which nothing is kept: an answered request has the level 0.
    /// </returns>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<(int Days, int Level)?> SettingsAsync(SuperuserUse use, Caller caller, CancellationToken cancellation)
    {
        var answer = await requests.SendAsync(use, caller, HttpMethod.Get, "/api/settings?fields=logs", null, cancellation);
        return IsClosed(answer) || !SuperuserRequests.Expect(answer, "The settings").Body.TryGetProperty("logs", out var logs)
            ? null
            : NumberIn(logs, "maxDays") is { } days ? (days, NumberIn(logs, "minLevel") ?? 0) : throw PocketBaseProblem.NotPocketBase();
    }

    /// <summary>
    /// A page of the lines that bear a session's mark in their User-Agent, in the order in which PocketBase wrote them down, which for
    /// requests that follow at once on each other need not be the order in which they were answered; null where the log is closed to the
    /// console. What came after the session's end is among them: nothing should have.
    /// </summary>
    /// <param name="use">What for.</param>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="session">The session's id, of letters and digits.</param>
    /// <param name="since">Not before this, on PocketBase's clock.</param>
    /// <param name="page">Which page, from 1.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<IReadOnlyList<RequestLogLine>?> OfSessionAsync(
        SuperuserUse use, Caller caller, string session, DateTimeOffset since, int page, CancellationToken cancellation)
    {
        if (session.Length == 0 || !session.All(char.IsAsciiLetterOrDigit))
        {
            return []; // No id that the console gave.
        }

        var filter = string.Create(
            CultureInfo.InvariantCulture, $"data.userAgent ~ 'session {session};' && created >= '{since.UtcDateTime:yyyy-MM-dd HH:mm:ss}.000Z'");
        var answer = await requests.SendAsync(
            use, caller, HttpMethod.Get,
            $"/api/logs?page={page}&perPage={PageLength}&skipTotal=1&sort=@rowid&fields=created,data&filter={Uri.EscapeDataString(filter)}", null, cancellation);
        return IsClosed(answer)
            ? null
            : [.. SuperuserRequests.Expect(answer, "The log").ToPage(page, PageLength).Items.Select(LineOf)];
    }

    // A hook or a proxy of the app's own that keeps the log to itself; a superuser that isn't accepted is told apart before.
    private static bool IsClosed(PocketBaseAnswer answer) => answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound;

    private static RequestLogLine LineOf(PocketBaseRecord line)
    {
        var data = line.Within("data");
        var (path, parameters) = RequestLogLine.Read(data.Text("url"));
        return new RequestLogLine(
            line.Moment("created") ?? throw PocketBaseProblem.NotPocketBase(), data.Text("method"), path,
            int.TryParse(data.Text("status"), CultureInfo.InvariantCulture, out var status) ? status : 0, data.Text("auth"), data.Text("userAgent"))
        {
            Parameters = parameters,
        };
    }

    private static int? NumberIn(JsonElement settings, string name) =>
        settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : null;
}
