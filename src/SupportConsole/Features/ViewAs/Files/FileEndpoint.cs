using Microsoft.Net.Http.Headers;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Files;

/// <summary>Sends a session's files to its agent's browser: streamed, kept by nobody, and no further once the session is over.</summary>
internal static class FileEndpoint
{
    private const int PartBytes = 256 * 1024;

    public static void MapFiles(this WebApplication app) =>
        app.MapGet("/sessions/{id}/file", SendAsync).WithSecurityHeadersPolicy(HeaderPolicies.Files);

    private static async Task<IResult> SendAsync(
        HttpContext context, string id, string? collection, string? record, string? name, string? thumb, CurrentStaff who, FileReader files)
    {
        // Of refusals too: whether somebody could see a file is nothing to keep.
        context.Response.Headers.CacheControl = "no-store";

        // Another site's page could otherwise have files read, and recorded, in the agent's name (Fetch Metadata).
        if (context.Request.Headers["Sec-Fetch-Site"] is not ([] or ["same-origin"] or ["none"]))
        {
            return Results.Text("Only the console's own pages lead to files.", statusCode: StatusCodes.Status403Forbidden);
        }

        if (thumb is not (null or FilePlace.Thumbnail))
        {
            return Results.Text("Pictures come whole or small.", statusCode: StatusCodes.Status400BadRequest);
        }

        try
        {
            var place = new FilePlace(collection ?? "", record ?? "", name ?? "");
            return await files.OpenAsync(who, id, place, thumb, context.RequestAborted) is ReadOutcome<ViewedFile>.Found { Value: var file }
                ? new FileAnswer(file, place.Name)
                : Results.Text("This user can't see such a file: it doesn't exist, or the rules hide it. The two look the same from here.", statusCode: StatusCodes.Status404NotFound);
        }
        catch (SessionOverException over)
        {
            return Results.Text(over.Message, statusCode: StatusCodes.Status410Gone);
        }
        catch (ExplainedException problem)
        {
            return RefusedAnswer.Of(problem);
        }
    }

    /// <summary>The file as the answer to a request.</summary>
    private sealed class FileAnswer(ViewedFile viewed, string name) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            using var file = viewed.File;
            var response = context.Response;
            response.ContentType = viewed.Kind.MediaType;
            response.ContentLength = file.Length;
            var disposition = new ContentDispositionHeaderValue(viewed.Kind.IsPicture ? "inline" : "attachment");
            disposition.SetHttpFileName(name);
            response.Headers.ContentDisposition = disposition.ToString();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, viewed.Over);
            try
            {
                // The next part is on its way from PocketBase while this one goes to the browser.
                var (filling, full) = (new byte[PartBytes], new byte[PartBytes]);
                var reading = file.ReadAsync(filling, either.Token);
                await response.Body.WriteAsync(viewed.Beginning, either.Token);
                var sent = (long)viewed.Beginning.Length;
                for (int read; (read = await reading) > 0;)
                {
                    // Where PocketBase doesn't say how long a file is, its length shows itself on the way.
                    if ((sent += read) > FileReader.MaximumBytes)
                    {
                        throw PocketBaseProblem.FileTooLarge(sent);
                    }

                    (filling, full) = (full, filling);
                    reading = file.ReadAsync(filling, either.Token);
                    await response.Body.WriteAsync(full.AsMemory(0, read), either.Token);
                }
            }
            catch (Exception broken) when (broken is OperationCanceledException or PocketBaseProblem)
            {
                // The browser must not take what it has for the whole.
                context.Abort();
            }
        }
    }
}
