using CsCheck;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

/// <summary>All that can stand in notes.</summary>
internal static class NoteTexts
{
    private const string Signs = "aZ09./-_=~!\u007f\u00e9\u4e2d\ufeff\u2014";

    public static Gen<string> Names { get; } = Gen.String[Gen.Char[Signs], 1, 12];

    public static Gen<string> Lines { get; } = Gen.String[Gen.Char[Signs + " +\u00a0"], 1, 20];

    public static Gen<TreeHash> Hashes { get; } = Gen.Byte.Array[TreeHash.Length].Select(bytes => TreeHash.FromBytes(bytes));

    public static Gen<long> Numbers { get; } = Gen.OneOf(Gen.Long[0, long.MaxValue], Gen.Long[0, 20], Gen.Const(long.MaxValue));

    public static Gen<Checkpoint> Checkpoints { get; } =
        from origin in Lines
        from size in Numbers
        from root in Hashes
        from extensions in Lines.Array[0, 3]
        select new Checkpoint(origin, size, root) { Extensions = [.. extensions] };

    public static Gen<NoteSignature> Signatures { get; } =
        Gen.Select(Names, Gen.UInt, Gen.Byte.Array[1, 80], (name, id, bytes) => new NoteSignature(name, id, [.. bytes]));

    public static Gen<SignedNote> Notes { get; } =
        Gen.Select(Gen.OneOf(Lines, Gen.Const("")).Array[1, 5], Signatures.Array[1, 4], (lines, signatures) =>
            new SignedNote(string.Concat(lines.Select(line => line + "\n")), [.. signatures]));

    public static Gen<SignedNote> SignedCheckpoints { get; } =
        Gen.Select(Checkpoints, Signatures.Array[1, 4], (checkpoint, signatures) => new SignedNote(checkpoint.Text, [.. signatures]));
}
