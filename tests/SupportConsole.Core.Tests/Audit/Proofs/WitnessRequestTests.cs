using CsCheck;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed class WitnessRequestTests
{
    private static readonly string Published = Vector.Text("witness-request.txt");

    private static readonly Gen<WitnessRequest> Requests = Gen.Select(
        NoteTexts.Numbers, NoteTexts.Hashes.Array[0, 63], NoteTexts.SignedCheckpoints,
        (old, hashes, checkpoint) => new WitnessRequest(old, [.. hashes], checkpoint));

    [Fact]
    public void Published_request_is_read_and_written_as_it_stands()
    {
        Assert.True(WitnessRequest.TryRead(Published, out var request));
        Assert.Equal(20852014, request.OldSize);
        Assert.Equal(4, request.Hashes.Length);
        Assert.Equal("/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=", request.Hashes[^1].ToString());
        Assert.Equal(2, request.Checkpoint.Signatures.Length);
        Assert.Equal(Published, request.ToString());
    }

    [Fact]
    public void Any_request_comes_back_as_it_was_written() => Requests.Sample(request =>
    {
        Assert.True(WitnessRequest.TryRead(request.ToString(), out var read));
        Assert.Equal(request.OldSize, read.OldSize);
        Assert.Equal(request.Hashes, read.Hashes);
        Assert.Equal(request.Checkpoint.ToString(), read.Checkpoint.ToString());
        Assert.Equal(request.ToString(), read.ToString());
    });

    [Fact]
    public void Spoilt_request_is_refused_or_read_as_what_it_says() => Assert.DoesNotContain(
        Vector.Spoilt(Published), other => WitnessRequest.TryRead(other, out var request) && request.ToString() != other);

    [Theory]
    [InlineData("old 20852014\n", "")]
    [InlineData("old 20852014\n", "old\n")]
    [InlineData("old 20852014\n", "old  20852014\n")]
    [InlineData("old 20852014\n", "old 020852014\n")]
    [InlineData("old 20852014\n", "old -1\n")]
    [InlineData("old 20852014\n", "Old 1\n")]
    [InlineData("old 20852014\n", "old 20852014\n\n")]
    [InlineData("w3Kj/0=\n\n", "w3Kj/0=\n")]
    [InlineData("w3Kj/0=\n\n", "w3Kj/0=\n\n\n")]
    [InlineData("\n20852163\n", "\n")]
    public void Other_forms_are_no_request(string was, string other)
    {
        Assert.Contains(was, Published, StringComparison.Ordinal);
        Assert.False(WitnessRequest.TryRead(Published.Replace(was, other, StringComparison.Ordinal), out _));
    }

    [Fact]
    public void What_cant_be_read_cant_be_made()
    {
        WitnessRequest.TryRead(Published, out var request);
        SignedNote.TryRead(Vector.Text("note.txt"), out var note);

        Assert.Throws<ArgumentOutOfRangeException>(() => new WitnessRequest(-1, [], request!.Checkpoint));
        Assert.Throws<ArgumentException>(() => new WitnessRequest(0, [.. new TreeHash[64]], request!.Checkpoint));
        Assert.Throws<ArgumentException>(() => new WitnessRequest(0, default, request!.Checkpoint));
        Assert.Throws<ArgumentException>(() => new WitnessRequest(0, [], note!));
        Assert.False(WitnessRequest.TryRead(null, out _));
    }
}
