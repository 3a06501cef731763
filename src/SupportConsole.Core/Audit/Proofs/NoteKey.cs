using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>The public key that a note's signatures are checked with, as those who trust it are given it.</summary>
/// <param name="Name">What it is called: not empty, without white space and plus signs; best an address without its scheme.</param>
/// <param name="Algorithm">How it signs, such as <see cref="Ed25519"/>.</param>
/// <param name="Key">Its bytes: 32 for the algorithms that are named here.</param>
/// <exception cref="ArgumentException">The name isn't one, or the key has the wrong length.</exception>
public sealed record NoteKey(string Name, byte Algorithm, ImmutableArray<byte> Key)
{
    /// <summary>Signs the text of notes (c2sp.org/signed-note).</summary>
    public const byte Ed25519 = 0x01;

    /// <summary>Signs, with Ed25519, that a checkpoint was seen at a time; see <see cref="Proofs.Cosignature"/>.</summary>
    public const byte Cosignature = 0x04;

    private const int Ed25519Length = 32;

    /// <summary>What it is called.</summary>
    public string Name { get; } = NoteText.IsName(Name) ? Name : throw new ArgumentException("No name of a key.", nameof(Name));

    /// <summary>How it signs.</summary>
    public byte Algorithm { get; } = Algorithm;

    /// <summary>Its bytes.</summary>
    public ImmutableArray<byte> Key { get; } =
        !Key.IsDefault && IsKey(Algorithm, Key.Length) ? Key : throw new ArgumentException("The key has the wrong length.", nameof(Key));

    /// <summary>The number by which a signature says, beside the name, whose it is. It is short: others can make a key that has it too.</summary>
    public uint KeyId { get; } = IdOf(Name, [Algorithm, .. Key]);

    /// <summary>Reads the text that <see cref="ToString"/> writes, and no other. Its id has to be that of the key.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NoteKey? key)
    {
        key = null;
        if (text?.Split('+', 3) is not [var name, var id, var base64] || !NoteText.IsName(name)
            || !NoteText.TryReadBase64(base64, out var bytes) || bytes.IsEmpty || !IsKey(bytes[0], bytes.Length - 1))
        {
            return false;
        }

        var read = new NoteKey(name, bytes[0], [.. bytes[1..]]);
        key = read.Id == id ? read : null;
        return key is not null;
    }

    /// <summary>Its text: the name, the id in eight hexadecimal digits, algorithm and key in base64, parted by plus signs.</summary>
    public override string ToString() => $"{Name}+{Id}+{Convert.ToBase64String([Algorithm, .. Key])}";

    /// <summary>Whether it is the same key: an array's own equality would ask whether it lies in the same place.</summary>
    public bool Equals(NoteKey? other) => other is not null && Name == other.Name && Algorithm == other.Algorithm && Key.AsSpan().SequenceEqual(other.Key.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => unchecked((int)KeyId);

    private string Id => KeyId.ToString("x8", CultureInfo.InvariantCulture);

    private static bool IsKey(byte algorithm, int length) => algorithm is Ed25519 or Cosignature ? length == Ed25519Length : length > 0;

    private static uint IdOf(string name, ReadOnlySpan<byte> key) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', .. key]));
}
