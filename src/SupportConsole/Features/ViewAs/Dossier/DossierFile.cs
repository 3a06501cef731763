using System.Text.Encodings.Web;
using System.Text.Unicode;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>
/// A session's history as one file: HTML without a script or anything from elsewhere, which every ticket system stores and every browser
/// opens and prints in twenty years. Each text is encoded and isolated; each line has the hash of its entry, by which the trail proves it.
/// </summary>
/// <remarks>It is written as it is read, so that a long session takes no more memory than a short one.</remarks>
internal sealed class DossierFile(TextWriter to, EndedSession session)
{
    // What letters a text is made of is nobody's danger; only what markup is made of, and what can't be seen.
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private const string Look = """
        :root { color-scheme: light; }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1000px; padding: 0 1rem; color: #111; background: #fff; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; } dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #ccc; overflow-wrap: anywhere; }
        thead { display: table-header-group; } tr { break-inside: avoid; }
        td:nth-child(1) { width: 15rem; } td:nth-child(1) code { font-size: .62rem; } td:nth-child(2) { white-space: nowrap; } td:nth-child(n+4) { min-width: 9rem; }
        code { font-size: .8rem; } .loud { border: 2px solid #b3261e; padding: .6rem; } .small { color: #555; font-size: .85rem; }
        """;

    /// <summary>The file's name; a session's id holds nothing that a file system would take amiss.</summary>
    public static string NameOf(string sessionId, string ending = ".html") => $"session-{string.Concat(sessionId.Where(char.IsAsciiLetterOrDigit))}{ending}";

    /// <summary>Writes all of it.</summary>
    /// <param name="lines">What happened, in order.</param>
    /// <param name="compared">The session beside PocketBase's log; null where that wasn't asked for.</param>
    /// <param name="now">When the file is made.</param>
    public async Task WriteAsync(IAsyncEnumerable<SessionLine> lines, LogComparison? compared, DateTimeOffset now)
    {
        var outline = session.Outline;
        await to.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width">
            <title>Support session {Text(outline.SessionId)}</title>
            <style>
            {Look}
            </style>
            </head>
            <body>
            <h1>Support session {Text(outline.SessionId)}</h1>
            <p>{Text(LineWords.EndOf(session with { Own = false }))}</p>
            <dl>

            """);
        foreach (var (name, value) in FactsOf())
        {
            await to.WriteAsync($"<dt>{name}</dt><dd>{value}</dd>\n");
        }

        await to.WriteAsync("</dl>\n");
        await WriteRefusalsAsync();
        if (compared is not null)
        {
            await WriteComparedAsync(compared);
        }

        await to.WriteAsync($"""
            <h2>What happened, in order</h2>
            <table>
            <thead><tr><th>Entry</th><th>Time (UTC)</th><th>What</th><th>How it came out</th>{(compared is null ? "" : "<th>PocketBase’s log</th>")}</tr></thead>
            <tbody>

            """);
        long written = 0;
        await foreach (var line in lines)
        {
            await WriteLineAsync(line, compared);
            written++;
        }

        await to.WriteAsync($"""
            </tbody>
            </table>
            <p class="small">End of the dossier: {Number(written)} of {Number(outline.Lines)} lines. Made {LineWords.Utc(now)} from the entries of the console’s audit trail.
            The SHA-256 beside each entry is taken over its canonical bytes behind a zero byte (RFC 9162); the audit trail shows the same one.</p>
            </body>
            </html>

            """);
    }

    private IEnumerable<(string Name, string Value)> FactsOf()
    {
        var (outline, purpose) = (session.Outline, session.Outline.Purpose);
        yield return ("Agent", purpose is null ? "can’t be read: the entries are damaged" : $"{Text(purpose.Actor.Name)} {Code(purpose.Actor.Id.Value)} {Text(string.Join(", ", purpose.Actor.Roles.Select(RoleCatalog.NameOf)))}");
        if (purpose?.Subject is { } user)
        {
            yield return ("Viewed as", $"{Text(user.Name)} {Code($"{user.Collection}/{user.Id}")}");
        }

        yield return ("Reason", Text(purpose?.Reason));
        yield return ("Category", Text(purpose?.Category ?? "none"));
        yield return ("Ticket", Text(purpose?.Ticket ?? "none"));
        yield return ("Policy", string.Join("<br>", LineWords.DecisionsOf(outline).Select(Text)));
        yield return ("Started", LineWords.Utc(session.Opened.Event.At));
        yield return ("Ended", $"{LineWords.Utc(session.Ended.Event.At)} · {Text(session.Ended.Event.Detail)}");
        yield return ("Duration", LineWords.Span(session.Ended.Event.At - session.Opened.Event.At));
        yield return ("Read", LineWords.SumOf(outline));
    }

    private async Task WriteRefusalsAsync()
    {
        var outline = session.Outline;
        if (outline.Refusals.Count == 0)
        {
            return;
        }

        await to.WriteAsync($"<h2>What else the agent was refused meanwhile</h2>\n<p class=\"small\">These entries name no session.{(outline.MoreRefusals ? $" The newest {outline.Refusals.Count} of them." : "")}</p>\n<ul>\n");
        foreach (var refused in outline.Refusals)
        {
            await to.WriteAsync($"<li>#{refused.Sequence} · {LineWords.Utc(refused.Event.At)} · {Text(refused.Event.Detail)} {Hash(refused)}</li>\n");
        }

        await to.WriteAsync("</ul>\n");
    }

    private async Task WriteComparedAsync(LogComparison compared)
    {
        await to.WriteAsync($"<h2>Beside PocketBase’s own log</h2>\n<p>{Text(ComparisonWords.SumOf(compared))}</p>\n");
        foreach (var caution in compared.Cautions)
        {
            await to.WriteAsync($"<p>{Text(caution)}</p>\n");
        }

        if (compared.UnexpectedCount > 0)
        {
            await to.WriteAsync($"<div class=\"loud\"><p><strong>{Text(ComparisonWords.UnexpectedOf(compared))}</strong></p>\n<ul>\n");
            foreach (var request in compared.Unexpected)
            {
                await to.WriteAsync($"<li>{LineWords.Utc(request.Line.At)} · {Code($"{request.Line.Method} {request.Line.Shown}")} · {request.Line.Status} · {Text(request.Why)}</li>\n");
            }

            await to.WriteAsync("</ul></div>\n");
        }

        foreach (var (what, count) in compared.Own)
        {
            await to.WriteAsync($"<p class=\"small\">{Number(count)} × {Text(what)}</p>\n");
        }
    }

    private async Task WriteLineAsync(SessionLine line, LogComparison? compared)
    {
        var by = LineWords.ActorOf(line, session.Outline) is { } actor ? $" by {Text(actor)}" : "";
        var target = LineWords.TargetOf(line);
        var records = LineWords.RecordsOf(line);
        await to.WriteAsync(
            $"<tr><td>{line.Places}<br>{(line.Question is { } question ? $"{Hash(question)}<br>" : "")}{Hash(line.Entry)}</td>"
            + $"<td>{LineWords.Utc(line.From)}</td><td>{Text(LineWords.WhatOf(line))}{by}{(target.Length > 0 ? $" {Text(target)}" : "")}"
            + $"{(records.Count > 0 ? $"<br>{string.Join(' ', records.Select(Code))}" : "")}</td><td>{(LineWords.StateOf(line) is { } state ? $"<strong>{state}</strong> " : "")}{Text(LineWords.HowOf(line, session.Outline))}</td>"
            + $"{(compared is null ? "" : $"<td>{Text(ComparisonWords.CellOf(line, compared))}</td>")}</tr>\n");
    }

    private static string Hash(AuditEntry entry) => $"<code>{Convert.ToHexStringLower(entry.LeafHash.AsSpan())}</code>";

    private static string Code(string text) => $"<code>{Text(text)}</code>";

    // A control character has no place in a document, and none of these texts may turn the direction of another.
    private static string Text(string? text) =>
        $"<bdi>{s_encoder.Encode(string.Concat((text ?? "").Select(c => c is '\n' or '\t' ? c : char.IsControl(c) ? '\uFFFD' : c)))}</bdi>";
}
