using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Staff;

namespace SupportConsole.Hosting;

/// <summary>
/// Stands before the hub of the circuits. Browsers let any site open a WebSocket to any other and send the cookies of a
/// neighbouring host along, and SignalR doesn't ask where it comes from. And a circuit is memory: a person has so many and no more.
/// </summary>
internal sealed partial class CircuitDoor(RequestDelegate next, Pace pace, IRefusalRecord refusals, ILogger<CircuitDoor> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        var staff = StaffClaims.IdOf(context.User);
        if (context.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is not null)
        {
            return staff is { } id ? EnterAsync(context, id) : AnswerAsync(context, StatusCodes.Status403Forbidden, "Sign in first.");
        }

        // A page whose circuit would be refused a moment later would stay blank.
        return staff is { } opening && OpensWindow(context) && pace.Left(opening, Limit.Windows) == 0
            ? PlainAnswer.WriteAsync(
                context, StatusCodes.Status429TooManyRequests, "Too many windows are open",
                $"You have {pace.WordsOf(Limit.Windows)}, and one person may have no more. Nothing is lost: close a few of them, then load this page again.",
                ("", "Load this page again"))
            : next(context);
    }

    private async Task EnterAsync(HttpContext context, StaffId staff)
    {
        if (!IsFromHere(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "a window from another origin");
            return;
        }

        var negotiates = context.GetEndpoint()!.Metadata.GetMetadata<NegotiateMetadata>() is not null;
        if (!negotiates && !context.WebSockets.IsWebSocketRequest)
        {
            // The other transports are many short requests, which nothing here could count as one window.
            await AnswerAsync(context, StatusCodes.Status400BadRequest, "Only WebSockets are served here.");
            return;
        }

        // A socket with an id was counted when it was negotiated.
        if (negotiates || !context.Request.Query.ContainsKey("id"))
        {
            using var handshake = pace.Take(staff, Limit.Handshakes);
            if (!handshake.IsAcquired)
            {
                context.Response.Headers.RetryAfter = PlainAnswer.Seconds(Pace.RetryAfter(handshake));
                await RefuseAsync(context, StatusCodes.Status429TooManyRequests, pace.WordsOf(Limit.Handshakes));
                return;
            }
        }

        if (negotiates)
        {
            await next(context);
            return;
        }

        // The request lives as long as its socket, and so does the place it takes.
        using var window = pace.Take(staff, Limit.Windows);
        if (window.IsAcquired)
        {
            await next(context);
        }
        else
        {
            await RefuseAsync(context, StatusCodes.Status429TooManyRequests, pace.WordsOf(Limit.Windows));
        }
    }

    private static bool OpensWindow(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && context.AcceptsInteractiveRouting();

    /// <summary>
    /// Whether the page that asks is one of this site's. Every browser names its page's origin on a WebSocket and on a POST; what
    /// names none is no browser, and has no cookies but its own.
    /// </summary>
    private static bool IsFromHere(HttpRequest request) =>
        request.Headers.Origin.Count == 0
        || (Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin)
            && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var here)
            && origin.GetLeftPart(UriPartial.Authority) == here.GetLeftPart(UriPartial.Authority));

    private async Task RefuseAsync(HttpContext context, int status, string refused)
    {
        try
        {
            if (await context.RequestServices.GetRequiredService<CurrentStaff>().FindAsync(context.RequestAborted) is { } staff)
            {
                await refusals.RefusedAsync(staff, refused);
            }
        }
        catch (ExplainedException unrecorded)
        {
            // It is refused all the same; what can't be recorded is only the attempt.
            LogNotRecorded(unrecorded, refused);
        }

        await AnswerAsync(context, status, $"Refused: {refused}.");
    }

    // Read by scripts and operators, never shown in a window; a body also keeps the page for errors from being made for it.
    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    [LoggerMessage(EventId = 9001, Level = LogLevel.Warning, Message = "A refused window ({Refused}) couldn't be recorded")]
    private partial void LogNotRecorded(Exception failure, string refused);
}
