using System.Buffers.Text;
using System.Text.Json;

namespace SupportConsole.PocketBase;

/// <summary>
/// What a PocketBase token says about itself. Read for bookkeeping and for comparison with what was asked for, never as a
/// proof: the signature is the server's secret, so only the server can tell whether a token is alive.
/// </summary>
internal sealed record TokenClaims(string Id, string CollectionId, string Type, DateTimeOffset ExpiresAt)
{
    /// <summary>What the companion hook says of it; null where there is none of this console's major version, or the token is neither a session's nor that of its own test.</summary>
    public CompanionMark? Mark { get; init; }

    public static bool TryRead(string token, out TokenClaims claims)
    {
        claims = new TokenClaims("", "", "", default);
        var parts = token.Split('.');
        if (parts.Length != 3 || !parts.All(p => p.Length > 0 && p.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            return false;
        }

        try
        {
            var payload = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[1]));
            if (payload.ValueKind != JsonValueKind.Object || !payload.TryGetProperty("exp", out var exp)
                || exp.ValueKind != JsonValueKind.Number || !exp.TryGetInt64(out var seconds)
                || seconds < 0 || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                return false;
            }

            var ends = DateTimeOffset.FromUnixTimeSeconds(seconds);
            claims = new TokenClaims(Text(payload, "id"), Text(payload, "collectionId"), Text(payload, "type"), ends) { Mark = MarkIn(payload, ends) };
            return true;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return false;
        }
    }

    private static CompanionMark? MarkIn(JsonElement payload, DateTimeOffset ends)
    {
        if (!payload.TryGetProperty("view_as", out var mark) || mark.ValueKind != JsonValueKind.Object
            || !mark.TryGetProperty("act", out var actor) || actor.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        // What another major version means by it isn't known here.
        var found = new CompanionMark(Text(actor, "sub"), Text(mark, "sid"), Text(mark, "jti"), ends);
        return found.TokenId.Length > 0 && CompanionState.FitOf(Text(mark, "ver")) == CompanionFit.Fits ? found : null;
    }

    private static string Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
