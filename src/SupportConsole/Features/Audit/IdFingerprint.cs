using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SupportConsole.Features.Audit;

/// <summary>
/// The numbers that stand for ids in the trail's indexes: the first eight bytes of their SHA-256. Two ids with one number are not
/// to be expected; a reader that must be exact compares the ids themselves.
/// </summary>
internal static class IdFingerprint
{
    /// <summary>The number of an id; null stays null.</summary>
    public static long? Of(string? id) => id is null ? null : Of(Encoding.UTF8.GetBytes(id));

    /// <summary>The number of an id in UTF-8.</summary>
    public static long Of(ReadOnlySpan<byte> id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(id, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
