using SupportConsole.Features.Audit.Proving;

namespace SupportConsole.Tests.Features.Audit.Proving;

public sealed class VerdictWordsTests
{
    [Fact]
    public void Each_kind_of_fault_has_words_of_its_own()
    {
        var words = Enum.GetValues<TrailFaultKind>().Select(VerdictWords.Of).ToList();

        Assert.Equal(words.Distinct(), words);
    }
}
