using CsCheck;
using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Core.Tests.ApiKeys;

public sealed class KeyFingerprintTests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c14")]
    [InlineData("abc", "ba7816bf8f01cfea")]
    public void A_fingerprint_is_what_sha256sum_begins_with(string token, string expected) => Assert.Equal(expected, KeyFingerprint.Of(token));

    [Fact]
    public void Every_fingerprint_has_the_same_form() => Gen.String.Sample(token => Assert.Matches("^[0-9a-f]{16}$", KeyFingerprint.Of(token)));

    [Fact]
    public void One_sign_more_makes_another_one() => Gen.String.Sample(token => Assert.NotEqual(KeyFingerprint.Of(token), KeyFingerprint.Of(token + "x")));
}
