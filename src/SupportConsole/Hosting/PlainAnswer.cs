using System.Globalization;

namespace SupportConsole.Hosting;

/// <summary>
/// A page for somebody who is turned away at the door. It looks like the other plain pages and is no component: it is answered
/// to floods, and must cost next to nothing.
/// </summary>
internal static class PlainAnswer
{
    /// <summary>Answers with a title, a sentence or two and one link. All of it is ours: nothing of the request is repeated.</summary>
    public static Task WriteAsync(HttpContext context, int status, string title, string text, (string Href, string Name) link)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title} · Support Console</title>
                <link rel="stylesheet" href="{context.Request.PathBase}/tokens.css" />
                <link rel="stylesheet" href="{context.Request.PathBase}/console.css" />
                <link rel="icon" href="{context.Request.PathBase}/favicon.svg" type="image/svg+xml" />
            </head>
            <body class="plain">
                <main class="plain-page" id="content">
                    <div class="brand"><span class="brand-mark" aria-hidden="true"></span>Support Console</div>
                    <h1>{title}</h1>
                    <p>{text}</p>
                    <p><a class="plain-button" href="{link.Href}">{link.Name}</a></p>
                </main>
            </body>
            </html>
            """,
            context.RequestAborted);
    }

    /// <summary>A wait as the header <c>Retry-After</c> takes it: whole seconds.</summary>
    public static string Seconds(TimeSpan wait) => wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
