using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>
/// What a witness says of a checkpoint (c2sp.org/tlog-cosignature, with Ed25519): that at a time it was the largest it had seen of the
/// log, and consistent with all before.
/// </summary>
public static class Cosignature
{
    private const int SignatureLength = 64;

    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>The bytes that a witness signs.</summary>
    /// <param name="at">When it saw the checkpoint; of it whole seconds count.</param>
    /// <param name="checkpoint">The text of the checkpoint's note.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970.</exception>
    public static byte[] Message(DateTimeOffset at, string checkpoint)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(at, DateTimeOffset.UnixEpoch);
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {at.ToUnixTimeSeconds()}\n{checkpoint}"));
    }

    /// <summary>Takes apart what a witness put below a note.</summary>
    /// <param name="cosignature">Its signature.</param>
    /// <param name="at">When it saw the checkpoint.</param>
    /// <param name="signature">The 64 bytes that it signed <see cref="Message"/> with.</param>
    /// <returns>Whether it has the form. Whether the signature is right is not known here.</returns>
    public static bool TryRead(NoteSignature cosignature, out DateTimeOffset at, out ImmutableArray<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(cosignature);
        (at, signature) = (default, default);
        var bytes = cosignature.Signature;
        if (bytes.Length != sizeof(ulong) + SignatureLength
            || BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan()) is not (>= 0 and var seconds) || seconds > Latest)
        {
            return false;
        }

        at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        signature = bytes[sizeof(ulong)..];
        return true;
    }
}
