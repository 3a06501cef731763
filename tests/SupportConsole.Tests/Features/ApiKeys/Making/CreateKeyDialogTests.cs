using Bunit;
using MudBlazor;
using SupportConsole.Core.Audit;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys.Making;

/// <summary>A key is made in two steps, and what is left in between is given up.</summary>
[Collection(DemoApp.Name)]
public sealed class CreateKeyDialogTests(DemoServer server) : WindowContext(Admin, server)
{
    private readonly string _name = $"importer {Guid.NewGuid():n}";

    [Theory]
    [InlineData("", "Imports the catalogue every night", false)]
    [InlineData("importer", "short", false)]
    [InlineData("impor\u202Eter", "Imports the catalogue every night", false)]
    [InlineData("importer", "Imports the catalogue every night", true)]
    public async Task The_button_waits_for_a_name_and_a_purpose(string name, string purpose, bool on)
    {
        var dialog = await ShowAsync();

        await Field(dialog, "Name").InputAsync(name);
        await Field(dialog, "Purpose").InputAsync(purpose);

        Assert.Equal(on, !IsOff(Button(dialog, "Continue")));
    }

    [Fact]
    public async Task Its_reach_is_shown_before_there_is_a_key_and_the_key_once_it_is_made()
    {
        var dialog = await PrepareAsync();
        Assert.NotEmpty(dialog.FindAll("[aria-label='What the key reaches'] tbody tr"));
        Assert.Empty(dialog.FindAll("[data-secret]"));

        await PressAsync(dialog, "Create key");

        await dialog.WaitForAssertionAsync(() => Assert.Equal($"{_name} is made", dialog.Find("h2").TextContent));
        var token = dialog.Find("input#shown-key").GetAttribute("value")!;
        Assert.NotEmpty(await server.ListAsync("data", token));

        await PressAsync(dialog, "I have stored the key");

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
        Assert.DoesNotContain(token, dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_after_the_first_step_leaves_no_account()
    {
        var dialog = await PrepareAsync();
        var asked = (await Console.EventsAsync()).Last(e => e.Type == AuditEventTypes.KeyRequested);

        await PressAsync(dialog, "Cancel");

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
        Assert.False(await server.HasAccountAsync(asked.Subject!.Id));
        Assert.DoesNotContain(AuditEventTypes.KeyCreated, await Console.TypesAsync());
    }

    [Fact]
    public async Task Without_PocketBase_the_dialog_stays_with_what_was_typed()
    {
        Console.Relay.Intercept = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        var dialog = await ShowAsync();
        await FillAsync(dialog);

        await PressAsync(dialog, "Continue");

        await dialog.WaitForAssertionAsync(() => Assert.NotEmpty(dialog.FindAll(".mud-alert")));
        Assert.Equal(_name, Field(dialog, "Name").GetAttribute("value"));
        Assert.False(IsOff(Button(dialog, "Continue")));
    }

    [Fact]
    public async Task A_kind_that_is_switched_off_is_not_offered()
    {
        var dialog = await ShowAsync();
        Assert.DoesNotContain("Superuser", Field(dialog, "Kind").Children.Select(kind => kind.TextContent));
        await FillAsync(dialog);

        await Field(dialog, "Kind").ChangeAsync("Superuser");

        Assert.DoesNotContain("Ask for approval", Buttons(dialog));
    }

    private async Task<IRenderedComponent<MudDialogProvider>> ShowAsync()
    {
        var list = await Console.Inventory.ListAsync(Console.As(Admin), Token);
        return await OpenAsync(dialogs => CreateKeyDialog.ShowAsync(dialogs, list.Owners));
    }

    private async Task FillAsync(IRenderedComponent<MudDialogProvider> dialog)
    {
        await Field(dialog, "Name").InputAsync(_name);
        await Field(dialog, "Purpose").InputAsync("Imports the catalogue every night");
    }

    private async Task<IRenderedComponent<MudDialogProvider>> PrepareAsync()
    {
        var dialog = await ShowAsync();
        await FillAsync(dialog);
        await PressAsync(dialog, "Continue");
        await dialog.WaitForAssertionAsync(() => Assert.Equal($"Create {_name}", dialog.Find("h2").TextContent));
        return dialog;
    }
}
