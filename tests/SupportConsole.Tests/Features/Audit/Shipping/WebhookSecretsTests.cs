using System.Text;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Shipping;

/// <summary>Signatures of Standard Webhooks, and the file of the secrets that make them.</summary>
public sealed class WebhookSecretsTests : IDisposable
{
    private const string Other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    /// <summary>The example that the implementations of the specification are tested with.</summary>
    [Fact]
    public void The_published_example_is_signed_as_published() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSecrets.Sign(In(ShippedTrail.Secret), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}""")));

    [Fact]
    public void Two_secrets_make_two_signatures_in_their_order()
    {
        var signed = WebhookSecrets.Sign(In($"\n{Other}\r\n  {ShippedTrail.Secret}  \n"), "id", 1, "body"u8).Split(' ');

        Assert.Equal([WebhookSecrets.Sign(In(Other), "id", 1, "body"u8), WebhookSecrets.Sign(In(ShippedTrail.Secret), "id", 1, "body"u8)], signed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64 at all, but long enough to be a secret")]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AAECAwQF")]
    [InlineData(ShippedTrail.Secret + "\nand another line")]
    public void What_is_no_secret_is_refused_without_repeating_it(string content)
    {
        var refusal = Assert.Throws<SinkException>(() => In(content));

        Assert.Equal("the file of its secrets must hold whsec_ and 24 to 64 bytes in base64 on each line, one line a secret", refusal.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_said() =>
        Assert.Equal(("the file of its secrets can't be read", "the file of its secrets can't be read (/nowhere/secret)"), Said(Assert.Throws<SinkException>(() => WebhookSecrets.In("/nowhere/secret"))));

    private static (string Message, string ForLog) Said(SinkException refusal) => (refusal.Message, refusal.ForLog);

    private IReadOnlyList<byte[]> In(string content)
    {
        File.WriteAllText(_file, content);
        return WebhookSecrets.In(_file);
    }
}
