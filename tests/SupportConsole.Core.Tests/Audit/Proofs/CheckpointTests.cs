using CsCheck;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed class CheckpointTests
{
    private const string Root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    [Fact]
    public void Published_checkpoint_is_read()
    {
        SignedNote.TryRead(Vector.Text("checkpoint.txt"), out var note);

        Assert.True(Checkpoint.TryRead(note!.Text, out var checkpoint));
        Assert.Equal(("example.com/behind-the-sofa", 20852163, Root), (checkpoint.Origin, checkpoint.Size, checkpoint.Root.ToString()));
        Assert.Empty(checkpoint.Extensions);
        Assert.Equal(note.Text, checkpoint.Text);
    }

    [Fact]
    public void Any_checkpoint_comes_back_as_it_was_written() => NoteTexts.Checkpoints.Sample(checkpoint =>
    {
        Assert.True(Checkpoint.TryRead(checkpoint.Text, out var read));
        Assert.Equal((checkpoint.Origin, checkpoint.Size, checkpoint.Root), (read.Origin, read.Size, read.Root));
        Assert.Equal(checkpoint.Extensions, read.Extensions);
        Assert.Equal(checkpoint.Text, read.Text);
    });

    [Fact]
    public void Spoilt_checkpoint_is_refused_or_read_as_what_it_says() => Assert.DoesNotContain(
        Vector.Spoilt($"example.com/log\n20852163\n{Root}\nan extension\nanother\n"), other => Checkpoint.TryRead(other, out var read) && read.Text != other);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("log\n1\n")]
    [InlineData("log\n1\n" + Root)]
    [InlineData("\n1\n" + Root + "\n")]
    [InlineData("log\n\n" + Root + "\n")]
    [InlineData("log\n01\n" + Root + "\n")]
    [InlineData("log\n00\n" + Root + "\n")]
    [InlineData("log\n+1\n" + Root + "\n")]
    [InlineData("log\n-1\n" + Root + "\n")]
    [InlineData("log\n-0\n" + Root + "\n")]
    [InlineData("log\n 1\n" + Root + "\n")]
    [InlineData("log\n1\0\n" + Root + "\n")]
    [InlineData("log\n1e2\n" + Root + "\n")]
    [InlineData("log\n\u0661\n" + Root + "\n")]
    [InlineData("log\n9223372036854775808\n" + Root + "\n")]
    [InlineData("log\n1\n" + Root + "\n\n")]
    [InlineData("log\n1\n" + Root + "\n\nextension\n")]
    [InlineData("log\n1\n" + Root + "=\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n")]
    [InlineData("log\n1\nAAAA\n")]
    [InlineData("l\rog\n1\n" + Root + "\n")]
    public void Other_texts_are_no_checkpoint(string? text) => Assert.False(Checkpoint.TryRead(text, out _));

    [Theory]
    [InlineData(0, "log\n0\n" + Root + "\n")]
    [InlineData(long.MaxValue, "log\n9223372036854775807\n" + Root + "\n")]
    public void Smallest_and_largest_size_are_read(long size, string text)
    {
        Assert.True(Checkpoint.TryRead(text, out var read));
        Assert.Equal(size, read.Size);
    }

    [Fact]
    public void What_cant_be_read_cant_be_made()
    {
        Assert.Throws<ArgumentException>(() => new Checkpoint("", 0, default));
        Assert.Throws<ArgumentException>(() => new Checkpoint("two\nlines", 0, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Checkpoint("log", -1, default));
        Assert.Throws<ArgumentException>(() => new Checkpoint("log", 0, default) { Extensions = [""] });
        Assert.Throws<ArgumentException>(() => new Checkpoint("log", 0, default) { Extensions = default });
    }
}
