using System.Buffers.Text;
using System.Text.Json;

namespace SupportConsole.Tests.TestKit;

/// <summary>Makes tokens that look like PocketBase's, with a signature of no key.</summary>
internal static class Tokens
{
    public static string Make(string id, string collectionId, DateTimeOffset expiresAt) =>
        $"{Part(new { alg = "HS256", typ = "JWT" })}.{Part(new { collectionId, exp = expiresAt.ToUnixTimeSeconds(), id, refreshable = false, type = "auth" })}.c2lnbmF0dXJl";

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
