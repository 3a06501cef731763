using Bunit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Exporting;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit.Exporting;

/// <summary>The dialog says what goes out, and its link asks for just that.</summary>
public sealed class ExportDialogTests() : WindowContext(Admin)
{
    [Fact]
    public async Task It_says_what_goes_out_and_links_to_it_in_the_format_that_was_chosen()
    {
        var filter = new AuditAddress(From: "2030-01-02", Event: "role.*", Text: "a&b", Zone: "Europe/Berlin");
        var dialog = await OpenAsync(dialogs => ExportDialog.ShowAsync(dialogs, filter, FilterReading.Read(filter)));
        Assert.Contains("from 2030-01-02, event role.*, a text, days of Europe/Berlin", dialog.Find("p strong").TextContent, StringComparison.Ordinal);
        Assert.Contains("leaves the console", dialog.Find("[role=note]").TextContent, StringComparison.Ordinal);

        foreach (var format in ExportFormat.All)
        {
            await dialog.Find($"input[value='{format.Words}']").ChangeAsync(format.Words);

            var link = dialog.Find("a[download]");
            var (address, isEnhanced) = (link.GetAttribute("href")!, link.GetAttribute("data-enhance-nav"));
            Assert.Equal("false", isEnhanced);
            Assert.StartsWith("audit/export?", address, StringComparison.Ordinal);
            Assert.Equal(new ExportWish(format, filter), ExportWish.Read(address["audit/export".Length..]));
        }
    }

    [Fact]
    public async Task It_closes_with_the_download_which_the_page_tells_of()
    {
        var dialog = await OpenAsync(dialogs => ExportDialog.ShowAsync(dialogs, new AuditAddress(), FilterReading.Read(new AuditAddress())));

        await dialog.Find("a[download]").ClickAsync();

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("a[download]")));
    }

    [Fact]
    public void Without_a_filter_it_asks_for_everything() =>
        Assert.Equal("audit/export?format=csv", new ExportWish(ExportFormat.Csv, new AuditAddress()).ToAddress());
}
