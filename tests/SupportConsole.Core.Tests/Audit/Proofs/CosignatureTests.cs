using System.Text;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed class CosignatureTests
{
    private static readonly DateTimeOffset Seen = DateTimeOffset.FromUnixTimeSeconds(1679315147);

    [Fact]
    public void Published_cosignature_is_taken_apart_and_its_message_built()
    {
        SignedNote.TryRead(Vector.Text("checkpoint.txt"), out var note);

        Assert.True(Cosignature.TryRead(note!.Signatures[1], out var at, out var signature));
        Assert.Equal(Seen, at);
        Assert.Equal(note.Signatures[1].Signature[8..], signature);
        Assert.Equal(64, signature.Length);
        Assert.Equal(Vector.Text("cosigned-message.txt"), Encoding.UTF8.GetString(Cosignature.Message(at, note.Text)));
    }

    [Fact]
    public void Whole_seconds_count_in_any_zone() =>
        Assert.Equal(Cosignature.Message(Seen, "t\n"), Cosignature.Message(Seen.AddMilliseconds(999).ToOffset(TimeSpan.FromHours(5)), "t\n"));

    [Fact]
    public void Time_before_1970_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Cosignature.Message(DateTimeOffset.UnixEpoch.AddTicks(-1), "t\n"));

    [Theory]
    [InlineData(0x00_00_00_00_00_00_00_00, 64, true)]
    [InlineData(0x00_00_00_3a_ff_f4_41_7f, 64, true)]
    [InlineData(0x00_00_00_3a_ff_f4_41_80, 64, false)]
    [InlineData(long.MaxValue, 64, false)]
    [InlineData(-1, 64, false)]
    [InlineData(0, 63, false)]
    [InlineData(0, 65, false)]
    [InlineData(0, 56, false)]
    public void Form_decides_whether_it_is_one(long seconds, int length, bool isOne)
    {
        byte[] time = [.. BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder(seconds))];

        Assert.Equal(isOne, Cosignature.TryRead(new NoteSignature("w", 1, [.. time, .. new byte[length]]), out var at, out _));
        Assert.Equal(isOne ? seconds : DateTimeOffset.MinValue.ToUnixTimeSeconds(), at.ToUnixTimeSeconds());
    }
}
