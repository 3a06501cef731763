using System.Buffers.Text;
using System.Text.Json;

namespace SupportConsole.PocketBase;

/// <summary>
/// What a PocketBase token says about itself. Read for bookkeeping and for comparison with what was asked for, never as a
/// proof: the signature is the server's secret, so only the server can tell whether a token is alive.
/// </summary>
internal sealed record TokenClaims(string Id, string CollectionId, string Type, DateTimeOffset ExpiresAt)
{
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

            claims = new TokenClaims(Text("id"), Text("collectionId"), Text("type"), DateTimeOffset.FromUnixTimeSeconds(seconds));
            return true;

            string Text(string name) =>
                payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return false;
        }
    }
}
