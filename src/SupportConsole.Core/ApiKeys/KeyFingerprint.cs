using System.Security.Cryptography;
using System.Text;

namespace SupportConsole.Core.ApiKeys;

/// <summary>What is kept of a token: enough to recognise it, nothing to use it.</summary>
public static class KeyFingerprint
{
    /// <summary>How many hex digits of the hash are kept: 64 bits, which no two keys share by chance.</summary>
    public const int Digits = 16;

    /// <summary>The beginning of the token's SHA-256, in lower-case hex: what <c>printf %s "$TOKEN" | sha256sum</c> begins with.</summary>
    public static string Of(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..Digits];
}
