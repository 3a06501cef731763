using System.Security.Cryptography;
using System.Text;

namespace SupportConsole.Storage;

/// <summary>
/// Short keyed fingerprints: equal texts can be recognised, no text can be guessed back without the key file. Used for search
/// terms in the trail and for staff towards PocketBase's logs.
/// </summary>
public sealed class KeyedHash(SecretKey key)
{
    private const int HexDigits = 16;

    /// <summary>The fingerprint of a text: 16 lower-case hex digits of HMAC-SHA256.</summary>
    /// <param name="purpose">What it is for; the same text has unrelated fingerprints for two purposes.</param>
    /// <param name="text">The text.</param>
    public string Of(string purpose, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        ArgumentNullException.ThrowIfNull(text);
        var hash = HMACSHA256.HashData(key.Bytes, Encoding.UTF8.GetBytes($"{purpose}\0{text}"));
        return Convert.ToHexStringLower(hash)[..HexDigits];
    }
}
