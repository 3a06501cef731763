using System.Collections.Immutable;
using CsCheck;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed class NoteKeyTests
{
    private const string Published = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    [Fact]
    public void Published_keys_have_their_ids()
    {
        NoteKey[] keys = [.. Vector.Text("note-keys.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];

        Assert.Equal(["PeterNeumann", "EnochRoot", "witness.example/w1"], keys.Select(key => key.Name));
        Assert.Equal([0xc74f20a3, 0xaf0cfe78, 0xff76726b], keys.Select(key => key.KeyId));
        Assert.Equal([NoteKey.Ed25519, NoteKey.Ed25519, NoteKey.Cosignature], keys.Select(key => key.Algorithm));
        Assert.All(keys, key => Assert.Equal(32, key.Key.Length));
        Assert.Contains(Published, keys.Select(key => key.ToString()));
    }

    [Fact]
    public void Any_key_comes_back_by_its_text() => Gen.Select(NoteTexts.Names, Gen.Byte, Gen.Byte.Array[32]).Sample((name, algorithm, bytes) =>
    {
        var key = new NoteKey(name, algorithm, [.. bytes]);
        var read = Read(key.ToString());

        Assert.Equal((name, algorithm, key.KeyId), (read.Name, read.Algorithm, read.KeyId));
        Assert.Equal(bytes, read.Key);
        Assert.Equal(key.ToString(), read.ToString());
    });

    [Fact]
    public void Part_of_a_key_or_a_changed_one_is_none()
    {
        for (var from = 0; from < Published.Length; from++)
        {
            for (var to = from; to <= Published.Length; to++)
            {
                Assert.Equal(to - from == Published.Length, NoteKey.TryParse(Published[from..to], out _));
            }
        }

        Assert.DoesNotContain(Vector.Spoilt(Published).Where(other => other != Published), other => NoteKey.TryParse(other, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==")]
    [InlineData("PeterNeumann+c74f20a3+")]
    public void Other_texts_are_no_key(string? text) => Assert.False(NoteKey.TryParse(text, out _));

    [Theory]
    [InlineData("", 1, 32)]
    [InlineData("a+b", 1, 32)]
    [InlineData("a b", 1, 32)]
    [InlineData("a\u2003b", 1, 32)]
    [InlineData("a\nb", 1, 32)]
    [InlineData("a\u0001b", 1, 32)]
    [InlineData("a", 1, 31)]
    [InlineData("a", 4, 33)]
    [InlineData("a", 2, 0)]
    public void Key_that_has_no_text_cant_be_made(string name, byte algorithm, int length) =>
        Assert.Throws<ArgumentException>(() => new NoteKey(name, algorithm, [.. new byte[length]]));

    [Fact]
    public void Key_without_bytes_cant_be_made()
    {
        Assert.Throws<ArgumentException>(() => new NoteKey("a", NoteKey.Ed25519, default(ImmutableArray<byte>)));
        Assert.Throws<ArgumentException>(() => new NoteKey("\ud800", NoteKey.Ed25519, [.. new byte[32]]));
    }

    private static NoteKey Read(string text) => NoteKey.TryParse(text, out var key) ? key : throw new FormatException(text);

    [Fact]
    public void Two_of_the_same_bytes_are_one()
    {
        var text = new NoteKey("a", NoteKey.Ed25519, [.. new byte[32]]).ToString();

        Assert.True(NoteKey.TryParse(text, out var one) && NoteKey.TryParse(text, out var other) && one == other && one.GetHashCode() == other.GetHashCode());
        Assert.NotEqual(one, new NoteKey("b", NoteKey.Ed25519, one.Key));
        Assert.NotEqual(one, new NoteKey("a", NoteKey.Cosignature, one.Key));
    }
}
