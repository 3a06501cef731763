using System.Text;

namespace SupportConsole.Core.Tests;

public sealed class UnicodeFormTests
{
    [Fact]
    public void Every_code_point_is_taken()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            var point = value is >= 0xD800 and <= 0xDFFF ? ((char)value).ToString() : char.ConvertFromUtf32(value);
            foreach (var form in Enum.GetValues<NormalizationForm>())
            {
                Assert.NotEmpty(UnicodeForm.Of($"a{point}b", form));
            }
        }
    }

    [Fact]
    public void What_stands_around_is_normalised()
    {
        Assert.Equal("é\uFFFEé\uD800é", UnicodeForm.Of("e\u0301\uFFFEe\u0301\uD800e\u0301", NormalizationForm.FormC));
        Assert.Equal("e\u0301", UnicodeForm.Of("é", NormalizationForm.FormD));
        Assert.Equal("", UnicodeForm.Of("", NormalizationForm.FormKD));
    }
}
