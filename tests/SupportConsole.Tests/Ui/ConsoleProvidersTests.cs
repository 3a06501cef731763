using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

/// <summary>What stands around every interactive page: the reader's clock, in a dialog as on the page, and no dialog over a locked one.</summary>
public sealed class ConsoleProvidersTests : ConsoleContext
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Times_are_the_readers_in_dialogs_too_and_a_locked_page_has_no_dialog()
    {
        Clock.SetUtcNow(Noon.AddMinutes(1));
        var facts = new WindowFacts(isDark: false);
        facts.Learn(BrowserClock.From("Asia/Kathmandu"), isDark: true);
        var page = Render<CascadingValue<WindowFacts>>(p => p.Add(c => c.Value, facts)
            .AddChildContent<ConsoleProviders>(q => q.Add(c => c.ChildContent, Moment("page"))));
        var dialogs = Services.GetRequiredService<IDialogService>();

        await page.InvokeAsync(() => dialogs.ShowAsync<Saying>());

        page.WaitForAssertion(() => Assert.Equal(["17:45:00", "17:45:00"], page.FindAll("time").Select(time => time.TextContent)));
        var providers = page.FindComponent<ConsoleProviders>();
        await page.InvokeAsync(() => providers.Instance.Lock(true));
        Assert.Single(page.FindAll("time"));
    }

    private static RenderFragment Moment(string id) => builder =>
    {
        builder.OpenComponent<LocalTime>(0);
        builder.AddAttribute(1, nameof(LocalTime.At), Noon);
        builder.SetKey(id);
        builder.CloseComponent();
    };

    private sealed class Saying : ComponentBase
    {
        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            builder.OpenComponent<MudDialog>(0);
            builder.AddAttribute(1, nameof(MudDialog.DialogContent), Moment("dialog"));
            builder.CloseComponent();
        }
    }
}
