using System.Text;
using CsCheck;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed class LogProofTests
{
    private static readonly string Kept = Vector.Text("tlog-proof.txt");

    private static readonly Gen<LogProof> Proofs = Gen.Select(
        NoteTexts.Numbers, NoteTexts.Hashes.Array[0, 63], NoteTexts.SignedCheckpoints, Gen.Byte.Array[0, 40],
        (index, hashes, checkpoint, extra) => new LogProof(index, [.. hashes], checkpoint, [.. extra]));

    [Fact]
    public void Kept_proof_shows_that_its_leaf_is_in_the_tree()
    {
        Assert.True(LogProof.TryRead(Kept, out var proof));
        Assert.True(Checkpoint.TryRead(proof.Checkpoint.Text, out var checkpoint));

        Assert.True(MerkleProof.IncludesLeaf(
            TreeHash.Leaf([0x40, 0x41, 0x42, 0x43]), proof.Index, checkpoint.Size, proof.Hashes.AsSpan(), checkpoint.Root));
        Assert.Equal("what the hash is taken over stands elsewhere", Encoding.UTF8.GetString([.. proof.Extra]));
        Assert.Equal([0xc74f20a3, 0xff76726b], proof.Checkpoint.Signatures.Select(signature => signature.KeyId));
        Assert.True(Cosignature.TryRead(proof.Checkpoint.Signatures[1], out var at, out _));
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), at);
        Assert.Equal(Kept, proof.ToString());
    }

    [Fact]
    public void Any_proof_comes_back_as_it_was_written() => Proofs.Sample(proof =>
    {
        Assert.True(LogProof.TryRead(proof.ToString(), out var read));
        Assert.Equal(proof.Index, read.Index);
        Assert.Equal(proof.Hashes, read.Hashes);
        Assert.Equal(proof.Extra, read.Extra);
        Assert.Equal(proof.Checkpoint.ToString(), read.Checkpoint.ToString());
        Assert.Equal(proof.ToString(), read.ToString());
    });

    [Fact]
    public void Spoilt_proof_is_refused_or_read_as_what_it_says() => Assert.DoesNotContain(
        Vector.Spoilt(Kept), other => LogProof.TryRead(other, out var proof) && proof.ToString() != other);

    [Theory]
    [InlineData("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2")]
    [InlineData("extra d2", "extra  d2")]
    [InlineData("extra d2hhdCB0aGUgaGFzaCBpcyB0YWtlbiBvdmVyIHN0YW5kcyBlbHNld2hlcmU=\n", "extra \n")]
    [InlineData("extra d2hhdCB0aGUgaGFzaCBpcyB0YWtlbiBvdmVyIHN0YW5kcyBlbHNld2hlcmU=\n", "extra\n")]
    [InlineData("extra", "Extra")]
    [InlineData("index 5\n", "index 05\n")]
    [InlineData("index 5\n", "index -5\n")]
    [InlineData("index 5\n", "index 9223372036854775808\n")]
    [InlineData("index 5\n", "index 5\nindex 5\n")]
    [InlineData("index 5\n", "")]
    [InlineData("index 5\n", "index 5\n\n")]
    [InlineData("CWFLc=\n\n", "CWFLc=\n")]
    [InlineData("example.com/log\n8\n", "example.com/log\n08\n")]
    [InlineData("example.com/log\n8\n", "")]
    public void Other_forms_are_no_proof(string was, string other)
    {
        Assert.Contains(was, Kept, StringComparison.Ordinal);
        Assert.False(LogProof.TryRead(Kept.Replace(was, other, StringComparison.Ordinal), out _));
    }

    [Fact]
    public void Proof_has_no_more_hashes_than_a_tree_can_be_high()
    {
        LogProof.TryRead(Kept, out var proof);
        var line = $"{TreeHash.Empty}\n";
        string With(int more) => Kept.Replace("index 5\n", "index 5\n" + string.Concat(Enumerable.Repeat(line, more)), StringComparison.Ordinal);

        Assert.True(LogProof.TryRead(With(60), out _));
        Assert.False(LogProof.TryRead(With(61), out _));
        Assert.Throws<ArgumentException>(() => new LogProof(0, [.. new TreeHash[64]], proof!.Checkpoint, []));
    }

    [Fact]
    public void What_cant_be_read_cant_be_made()
    {
        LogProof.TryRead(Kept, out var proof);
        SignedNote.TryRead(Vector.Text("note.txt"), out var note);

        Assert.Throws<ArgumentOutOfRangeException>(() => new LogProof(-1, [], proof!.Checkpoint, []));
        Assert.Throws<ArgumentException>(() => new LogProof(0, default, proof!.Checkpoint, []));
        Assert.Throws<ArgumentException>(() => new LogProof(0, [], note!, []));
        Assert.Throws<ArgumentException>(() => new LogProof(0, [], null!, []));
        Assert.Empty(new LogProof(0, [], proof!.Checkpoint, default).Extra);
        Assert.False(LogProof.TryRead(null, out _));
    }
}
