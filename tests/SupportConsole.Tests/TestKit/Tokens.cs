using System.Buffers.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SupportConsole.Tests.TestKit;

/// <summary>Recognises tokens, and makes tokens that look like PocketBase's, with a signature of no key.</summary>
internal static partial class Tokens
{
    public static string Make(string id, string collectionId, DateTimeOffset expiresAt) =>
        $"{Part(new { alg = "HS256", typ = "JWT" })}.{Part(new { collectionId, exp = expiresAt.ToUnixTimeSeconds(), id, refreshable = false, type = "auth" })}.c2lnbmF0dXJl";

    /// <summary>What every signed token looks like, PocketBase's and the sign-in provider's.</summary>
    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.")]
    public static partial Regex Shape();

    /// <summary>The same for those that weren't made here: where several tests share a console, one of them may have put such a token before others.</summary>
    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.(?!c2lnbmF0dXJl)")]
    public static partial Regex Real();

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
