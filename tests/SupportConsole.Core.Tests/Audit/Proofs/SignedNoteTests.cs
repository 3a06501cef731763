using CsCheck;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed class SignedNoteTests
{
    private const string Line = "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    [Theory]
    [InlineData("note.txt", 2, 99)]
    [InlineData("checkpoint.txt", 2, 82)]
    public void Published_note_is_read_and_written_as_it_stands(string file, int signatures, int length)
    {
        var text = Vector.Text(file);

        Assert.True(SignedNote.TryRead(text, out var note));
        Assert.Equal(length, note.Text.Length);
        Assert.StartsWith(note.Text + "\n\u2014 ", text, StringComparison.Ordinal);
        Assert.Equal(signatures, note.Signatures.Length);
        Assert.Equal(text, note.ToString());
    }

    [Fact]
    public void Signatures_are_those_of_the_keys()
    {
        SignedNote.TryRead(Vector.Text("note.txt"), out var note);

        Assert.Equal([("PeterNeumann", 0xc74f20a3), ("EnochRoot", 0xaf0cfe78)], note!.Signatures.Select(signature => (signature.Name, signature.KeyId)));
        Assert.All(note.Signatures, signature => Assert.Equal(64, signature.Signature.Length));
    }

    [Fact]
    public void Any_note_comes_back_as_it_was_written() => NoteTexts.Notes.Sample(note =>
    {
        Assert.True(SignedNote.TryRead(note.ToString(), out var read));
        Assert.Equal(note.Text, read.Text);
        Assert.Equal(note.Signatures.Select(signature => signature.ToString()), read.Signatures.Select(signature => signature.ToString()));
        Assert.Equal(note.Signatures.SelectMany(signature => signature.Signature), read.Signatures.SelectMany(signature => signature.Signature));
        Assert.Equal(note.ToString(), read.ToString());
    });

    [Theory]
    [InlineData("note.txt")]
    [InlineData("checkpoint.txt")]
    public void Spoilt_note_is_refused_or_read_as_what_it_says(string file) => Assert.DoesNotContain(
        Vector.Spoilt(Vector.Text(file)), other => SignedNote.TryRead(other, out var note) && note.ToString() != other);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n" + Line)]
    [InlineData("\n" + Line)]
    [InlineData("te\u0001xt\n\n" + Line)]
    [InlineData("te\txt\n\n" + Line)]
    [InlineData("te\rxt\n\n" + Line)]
    [InlineData("text\n\n" + Line + "\n")]
    [InlineData("text\n\n" + Line + "Another line.\n")]
    [InlineData("text\n\n\u2014 Bad Name x08go/ZJkuA=\n")]
    [InlineData("text\n\n\u2014 Bad+Name x08go/ZJkuA=\n")]
    [InlineData("text\n\n\u2014 Bad\u00a0Name x08go/ZJkuA=\n")]
    [InlineData("text\n\n\u2014  x08go/ZJkuA=\n")]
    [InlineData("text\n\n\u2014 Name  x08go/ZJkuA=\n")]
    [InlineData("text\n\n\u2014 Name x08go/ZJkuA= \n")]
    [InlineData("text\n\n\u2014 Name x08go/ZJkuA\n")]
    [InlineData("text\n\n\u2014 Name x08go/ZJkuB=\n")]
    [InlineData("text\n\n\u2014 Name x08gow==\n")]
    [InlineData("text\n\n\u2014 Name \n")]
    [InlineData("text\n\n- Name x08go/ZJkuA=\n")]
    [InlineData("text\n\n\u2014Name x08go/ZJkuA=\n")]
    public void Other_texts_are_no_note(string? text) => Assert.False(SignedNote.TryRead(text, out _));

    [Fact]
    public void Text_without_a_utf8_form_is_no_note()
    {
        Assert.False(SignedNote.TryRead("te\ud800xt\n\n" + Line, out _));
        Assert.False(SignedNote.TryRead("te\udc00\ud800xt\n\n" + Line, out _));
        Assert.True(SignedNote.TryRead("te\ud83d\ude00xt\n\n" + Line, out _));
    }

    [Theory]
    [InlineData("\n\n", "\n")]
    [InlineData("\n\n\n", "\n\n")]
    [InlineData("a\n\nb\n\n", "a\n\nb\n")]
    [InlineData("a\n\n\n", "a\n\n")]
    public void Text_may_have_empty_lines_and_ends_at_the_last(string before, string text)
    {
        Assert.True(SignedNote.TryRead(before + Line, out var note));
        Assert.Equal(text, note.Text);
        Assert.Equal(before + Line, note.ToString());
    }

    [Fact]
    public void Note_has_room_for_a_hundred_signatures_and_a_million_bytes()
    {
        Assert.True(SignedNote.TryRead("text\n\n" + string.Concat(Enumerable.Repeat(Line, 100)), out var full));
        Assert.False(SignedNote.TryRead("text\n\n" + string.Concat(Enumerable.Repeat(Line, 101)), out _));
        Assert.Throws<ArgumentException>(() => full.With(new NoteSignature("another", 1, [1])));

        var room = SignedNote.MaxBytes - Line.Length - 2 - 2;
        Assert.True(SignedNote.TryRead(new string('a', room) + "\n\n" + Line, out _));
        Assert.False(SignedNote.TryRead(new string('a', room + 1) + "\n\n" + Line, out _));
        Assert.False(SignedNote.TryRead(new string('a', room - 1) + "\u00e9\n\n" + Line, out _));
        Assert.Throws<ArgumentException>(() => new SignedNote(new string('a', room + 1) + "\n", full.Signatures[..1]));
    }

    [Fact]
    public void Signature_more_stands_last_and_takes_the_place_of_the_same_keys()
    {
        SignedNote.TryRead(Vector.Text("note.txt"), out var note);
        var renewed = new NoteSignature("PeterNeumann", 0xc74f20a3, [7]);
        var namesake = new NoteSignature("PeterNeumann", 1, [7]);

        Assert.Equal([note!.Signatures[1], renewed], note.With(renewed).Signatures);
        Assert.Equal([.. note.Signatures, namesake], note.With(namesake).Signatures);
        Assert.Equal(note.Text, note.With(renewed).Text);
    }

    [Fact]
    public void Signatures_of_one_name_can_be_had_alone()
    {
        SignedNote.TryRead(Vector.Text("note.txt"), out var note);

        Assert.Equal([note!.Signatures[1]], note.SignedBy("EnochRoot").Signatures);
        Assert.Equal(note.Text, note.SignedBy("EnochRoot").Text);
        Assert.Throws<ArgumentException>(() => note.SignedBy("nobody"));
    }

    [Fact]
    public void What_cant_be_read_cant_be_made()
    {
        var signature = new NoteSignature("a", 1, [1]);

        Assert.Throws<ArgumentException>(() => new SignedNote("text", [signature]));
        Assert.Throws<ArgumentException>(() => new SignedNote("", [signature]));
        Assert.Throws<ArgumentException>(() => new SignedNote("te\rxt\n", [signature]));
        Assert.Throws<ArgumentException>(() => new SignedNote("text\n", []));
        Assert.Throws<ArgumentException>(() => new SignedNote("text\n", default));
        Assert.Throws<ArgumentException>(() => new NoteSignature("a b", 1, [1]));
        Assert.Throws<ArgumentException>(() => new NoteSignature("a", 1, []));
        Assert.Throws<ArgumentException>(() => new NoteSignature("a", 1, default));
    }
}
