using System.Text;
using SupportConsole.Access;
using SupportConsole.Core;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>What is known of a session afterwards: as a page, beside PocketBase's log, and as a file.</summary>
internal static class DossierFeature
{
    // Characters that are kept before they go out.
    private const int Buffered = 16 * 1024;

    public static void AddDossier(this IServiceCollection services)
    {
        services.AddSingleton<SessionLines>();
        services.AddSingleton<SessionHistory>();
        services.AddSingleton<SessionComparison>();
    }

    public static void MapDossier(this WebApplication app) => app.MapGet("/sessions/{id}/dossier", DownloadAsync);

    /// <summary>The file. Whoever asks for it is asked for their duty here, and that they took it away is in the trail before its first byte.</summary>
    private static async Task<IResult> DownloadAsync(
        string id, bool? compared, HttpContext http, CurrentStaff who, SessionHistory history, SessionComparison comparison, SessionLines lines, TimeProvider clock)
    {
        var leaving = http.RequestAborted;
        try
        {
            if (await history.TakeAwayAsync(who, id, leaving) is not { } session)
            {
                return Results.NotFound();
            }

            var beside = compared == true ? await comparison.CompareAsync(who, id, leaving) : null;
            return Results.Stream(
                async to =>
                {
                    await using var writer = new StreamWriter(to, new UTF8Encoding(false), Buffered, leaveOpen: true);
                    await new DossierFile(writer, session).WriteAsync(lines.AllAsync(session.Outline, leaving), beside, clock.GetUtcNow());
                },
                "text/html; charset=utf-8",
                DossierFile.NameOf(id));
        }
        catch (ExplainedException refusal)
        {
            return RefusedAnswer.Of(refusal);
        }
    }
}
