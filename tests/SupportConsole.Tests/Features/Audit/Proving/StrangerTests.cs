using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Proving;

/// <summary>The verifier and the witness in another language are right by the page of the format, which is all that they know.</summary>
public sealed class StrangerTests
{
    [Fact]
    public async Task They_pass_the_tests_that_were_written_with_them()
    {
        var (code, output, errors) = await Stranger.RunAsync("", "--test", "verify.test.mjs");

        Assert.True(code == 0, $"{string.Join('\n', output.Split('\n').Where(line => line.Contains("not ok", StringComparison.Ordinal)))}\n{errors}");
    }
}
