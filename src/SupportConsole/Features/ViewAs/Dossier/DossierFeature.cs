using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Features.Audit.Proving;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>What is known of a session afterwards: as a page, beside PocketBase's log, and as a file.</summary>
internal static class DossierFeature
{
    // Characters that are kept before they go out.
    private const int Buffered = 16 * 1024;

    // Bytes, many times what the proof of an event has.
    private const int BufferedProofs = 64 * 1024;

    public static void AddDossier(this IServiceCollection services)
    {
        services.AddSingleton<SessionLines>();
        services.AddSingleton<SessionHistory>();
        services.AddSingleton<SessionComparison>();
    }

    public static void MapDossier(this WebApplication app)
    {
        app.MapGet("/sessions/{id}/dossier", DownloadAsync);
        app.MapGet("/sessions/{id}/proofs", DownloadProofsAsync);
    }

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

    /// <summary>The proofs of the session's events in one archive, which goes out as it is made; for the same people, and recorded first as well.</summary>
    private static async Task<IResult> DownloadProofsAsync(string id, HttpContext http, CurrentStaff who, SessionHistory history, TimeProvider clock)
    {
        var leaving = http.RequestAborted;
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            if (await history.TakeProofsAwayAsync(who, id, leaving) is not { } proofs)
            {
                return Results.NotFound();
            }

            // The framework closes a file of an archive synchronously. What that writes is in the buffer, unless an event is larger than it.
            http.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
            return Results.Stream(to => WriteAsync(to, proofs, clock.GetUtcNow(), leaving), "application/zip", DossierFile.NameOf(id, "-proofs.zip"));
        }
        catch (ExplainedException refusal)
        {
            return RefusedAnswer.Of(refusal);
        }
    }

    private static async Task WriteAsync(Stream to, IAsyncEnumerable<LogProof> proofs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var buffer = new BufferedStream(to, BufferedProofs);
        await using var archive = await ZipArchive.CreateAsync(buffer, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await foreach (var proof in proofs)
        {
            var file = archive.CreateEntry(string.Create(CultureInfo.InvariantCulture, $"{proof.Index + 1:d16}{ProvingFeature.Extension}"), CompressionLevel.Fastest);
            file.LastWriteTime = now;
            await using (var content = await file.OpenAsync(cancellationToken))
            {
                await content.WriteAsync(Encoding.UTF8.GetBytes(proof.ToString()), cancellationToken);
            }

            await buffer.FlushAsync(cancellationToken);
        }
    }
}
