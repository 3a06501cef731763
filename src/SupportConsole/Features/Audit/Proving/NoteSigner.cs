using System.Globalization;
using System.Text;
using NSec.Cryptography;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// A private key that signs notes, in the text form of the signed notes of Go's <c>sumdb/note</c>:
/// <c>PRIVATE+KEY+name+id+base64(1 ‖ seed)</c>. Disposed of, it signs no more.
/// </summary>
internal sealed class NoteSigner : IDisposable
{
    private const string Head = "PRIVATE+KEY+";
    private const int SeedLength = 32;

    private static readonly SignatureAlgorithm s_ed25519 = SignatureAlgorithm.Ed25519;

    private readonly Key _key;

    private NoteSigner(string name, Key key)
    {
        _key = key;
        Verifier = new NoteKey(name, NoteKey.Ed25519, [.. key.PublicKey.Export(KeyBlobFormat.RawPublicKey)]);
    }

    /// <summary>What checks its signatures.</summary>
    public NoteKey Verifier { get; }

    /// <summary>Makes a new key.</summary>
    /// <returns>The line to keep it by; it is the secret itself.</returns>
    public static string Make(string name)
    {
        using var key = Key.Create(s_ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        using var signer = new NoteSigner(name, key);
        byte[] kept = [NoteKey.Ed25519, .. key.Export(KeyBlobFormat.RawPrivateKey)];
        return string.Create(CultureInfo.InvariantCulture, $"{Head}{name}+{signer.Verifier.KeyId:x8}+{Convert.ToBase64String(kept)}");
    }

    /// <summary>Reads a key's line; null where it is none. What it says is never repeated anywhere.</summary>
    public static NoteSigner? Read(string line)
    {
        if (!line.StartsWith(Head, StringComparison.Ordinal) || line[Head.Length..].Split('+', 3) is not [{ Length: > 0 } name, var id, var text] || name.Any(char.IsWhiteSpace))
        {
            return null;
        }

        var kept = new byte[SeedLength + 1];
        if (!Convert.TryFromBase64String(text, kept, out var length) || length != kept.Length || kept[0] != NoteKey.Ed25519)
        {
            return null;
        }

        var signer = new NoteSigner(name, Key.Import(s_ed25519, kept.AsSpan(1), KeyBlobFormat.RawPrivateKey));
        if (signer.Verifier.KeyId.ToString("x8", CultureInfo.InvariantCulture) == id)
        {
            return signer;
        }

        signer.Dispose();
        return null;
    }

    /// <summary>Signs the text of a note.</summary>
    public NoteSignature Sign(string text) => new(Verifier.Name, Verifier.KeyId, [.. s_ed25519.Sign(_key, Encoding.UTF8.GetBytes(text))]);

    /// <summary>
    /// Whether a note bears a good signature of at least one of these keys that is called as the log is, and no bad one of any of them.
    /// </summary>
    public static bool IsSigned(SignedNote note, IReadOnlyCollection<NoteKey> keys)
    {
        var text = Encoding.UTF8.GetBytes(note.Text);
        var origin = note.Text[..note.Text.IndexOf('\n', StringComparison.Ordinal)];
        var verdicts =
            from signature in note.Signatures
            from key in keys
            where key.Algorithm == NoteKey.Ed25519 && key.Name == origin && key.Name == signature.Name && key.KeyId == signature.KeyId
            select Verify(key, text, signature.Signature.AsSpan());
        return verdicts.ToList() is [_, ..] found && found.TrueForAll(good => good);
    }

    /// <summary>When a witness cosigned a note, by its good signature; null without one.</summary>
    public static DateTimeOffset? CosignedAt(SignedNote note, NoteKey witness) =>
        note.Signatures.Where(signature => signature.Name == witness.Name && signature.KeyId == witness.KeyId)
            .Select(signature => CosignedAt(note.Text, signature, witness)).FirstOrDefault(at => at is not null);

    /// <summary>Whether a note bears good cosignatures of a witness, and no bad one; null where it bears none.</summary>
    public static bool? IsCosigned(SignedNote note, NoteKey witness) =>
        note.Signatures.Where(signature => signature.Name == witness.Name && signature.KeyId == witness.KeyId).ToList() is [_, ..] found
            ? found.TrueForAll(signature => CosignedAt(note.Text, signature, witness) is not null)
            : null;

    private static DateTimeOffset? CosignedAt(string text, NoteSignature signature, NoteKey witness) =>
        Cosignature.TryRead(signature, out var at, out var signed) && Verify(witness, Cosignature.Message(at, text), signed.AsSpan()) ? at : null;

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    private static bool Verify(NoteKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        PublicKey.TryImport(s_ed25519, key.Key.AsSpan(), KeyBlobFormat.RawPublicKey, out var verifier) && s_ed25519.Verify(verifier!, message, signature);
}
