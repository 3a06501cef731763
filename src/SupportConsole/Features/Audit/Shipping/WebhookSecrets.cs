using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>The secrets that a webhook's messages are signed with, as Standard Webhooks has it.</summary>
internal static class WebhookSecrets
{
    private const string Prefix = "whsec_";
    private const int Shortest = 24, Longest = 64;

    /// <summary>The secrets in a file, one a line.</summary>
    /// <exception cref="SinkException">It can't be read, or holds something else.</exception>
    public static IReadOnlyList<byte[]> In(string file)
    {
        string[] lines;
        try
        {
            lines = [.. File.ReadAllLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SinkException("the file of its secrets can't be read", path: file);
        }

        var secrets = lines.Select(SecretIn).OfType<byte[]>().ToList();
        return secrets.Count > 0 && secrets.Count == lines.Length
            ? secrets
            : throw new SinkException($"the file of its secrets must hold {Prefix} and {Shortest} to {Longest} bytes in base64 on each line, one line a secret", path: file);
    }

    /// <summary>The header <c>webhook-signature</c>: one signature for each secret, so that a receiver that knows any of them accepts it.</summary>
    public static string Sign(IEnumerable<byte[]> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, content))}"));
    }

    private static byte[]? SecretIn(string line)
    {
        var bytes = new byte[Longest];
        return line.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(line[Prefix.Length..], bytes, out var length) && length >= Shortest
            ? bytes[..length]
            : null;
    }
}
