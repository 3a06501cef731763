using System.Net;
using System.Text.Json;

namespace SupportConsole.PocketBase;

/// <summary>
/// A JSON answer that has the shape of PocketBase's API. A class without a printable form: its body may hold a token.
/// </summary>
internal sealed class PocketBaseAnswer(HttpStatusCode status, JsonElement body, DateTimeOffset serverClock)
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>A JSON object that owns its memory; undefined when the answer has no content (204).</summary>
    public JsonElement Body { get; } = body;

    /// <summary>The server's time of answering, to the second.</summary>
    public DateTimeOffset ServerClock { get; } = serverClock;

    /// <summary>
    /// As whom the companion hook saw this very request: collection id and record id, or <see cref="CompanionScript.Guest"/>; null where
    /// the answer says nothing of it.
    /// </summary>
    public string? SeenAs { get; init; }

    public bool Succeeded => (int)Status is >= 200 and < 300;

    /// <summary>A text in the body, or in an object of the body (<c>record.id</c>); empty when absent.</summary>
    public string Text(params ReadOnlySpan<string> path)
    {
        var value = Body;
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return "";
            }
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }

    /// <summary>The body of a list as a page of records.</summary>
    /// <exception cref="PocketBaseProblem">The body is no list.</exception>
    public RecordPage ToPage(int page, int perPage)
    {
        if (Body.ValueKind != JsonValueKind.Object || !Body.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array
            || items.EnumerateArray().Any(i => i.ValueKind != JsonValueKind.Object))
        {
            throw PocketBaseProblem.NotPocketBase();
        }

        // PocketBase repeats what was asked for. Another question's answer comes from a cache that takes no notice of the query.
        if ((Body.TryGetProperty("page", out var ofPage) && ofPage.TryGetInt32(out var number) && number != page)
            || (Body.TryGetProperty("perPage", out var length) && length.TryGetInt32(out var most) && most != perPage))
        {
            throw PocketBaseProblem.SharedAnswer("it answers another question");
        }

        return new RecordPage([.. items.EnumerateArray().Select(i => new PocketBaseRecord(i))], page, perPage)
        {
            Total = Body.TryGetProperty("totalItems", out var all) && all.TryGetInt32(out var total) && total >= 0 ? total : null,
        };
    }
}
