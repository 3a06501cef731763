using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>What a key has signed a note with. Whether it is right is not known here.</summary>
/// <param name="Name">The key's name: not empty, without white space and plus signs.</param>
/// <param name="KeyId">Which of the keys of that name; see <see cref="NoteKey.KeyId"/>.</param>
/// <param name="Signature">The bytes that the key's algorithm made; at least one.</param>
/// <exception cref="ArgumentException">The name or the signature can't stand in a note.</exception>
public sealed record NoteSignature(string Name, uint KeyId, ImmutableArray<byte> Signature)
{
    private const string Dash = "\u2014 ";

    /// <summary>The key's name.</summary>
    public string Name { get; } = NoteText.IsName(Name) ? Name : throw new ArgumentException("No name of a key.", nameof(Name));

    /// <summary>The bytes that the key's algorithm made.</summary>
    public ImmutableArray<byte> Signature { get; } =
        Signature.IsDefaultOrEmpty ? throw new ArgumentException("A signature has bytes.", nameof(Signature)) : Signature;

    /// <summary>Reads the line that <see cref="ToString"/> writes, and no other.</summary>
    public static bool TryRead(string? line, [NotNullWhen(true)] out NoteSignature? signature)
    {
        signature = null;
        if (line?.StartsWith(Dash, StringComparison.Ordinal) != true || line[Dash.Length..].Split(' ') is not [var name, var base64]
            || !NoteText.IsName(name) || !NoteText.TryReadBase64(base64, out var bytes) || bytes.Length <= sizeof(uint))
        {
            return false;
        }

        signature = new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), [.. bytes[sizeof(uint)..]]);
        return true;
    }

    /// <summary>Its line in a note, without the end of the line.</summary>
    public override string ToString()
    {
        var bytes = new byte[sizeof(uint) + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Signature.CopyTo(bytes, sizeof(uint));
        return $"{Dash}{Name} {Convert.ToBase64String(bytes)}";
    }
}
