using Bunit;
using MudBlazor;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys.Making;

/// <summary>A successor beside the old key, for as long as was chosen.</summary>
[Collection(DemoApp.Name)]
public sealed class RotateKeyDialogTests(DemoServer server) : WindowContext(Admin, server)
{
    [Fact]
    public async Task Both_keys_work_where_the_old_one_goes_on()
    {
        using var old = await Console.MakeKeyAsync();
        var dialog = await ShowAsync(old);

        await PressAsync(dialog, "Rotate key");

        await dialog.WaitForAssertionAsync(() => Assert.Equal($"{old.Key.Name} is rotated", dialog.Find("h2").TextContent));
        Assert.NotEmpty(await server.ListAsync("data", dialog.Find("input#shown-key").GetAttribute("value")!));
        Assert.NotEmpty(await server.ListAsync("data", old.Reveal()));
        Assert.Contains("goes on until", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_overlap_it_warns_first_and_the_old_key_is_dead_after()
    {
        using var old = await Console.MakeKeyAsync();
        var dialog = await ShowAsync(old);
        Assert.Empty(dialog.FindAll(".danger-note"));
        await Radio(dialog, "none").ChangeAsync("none");
        Assert.Contains("stops working at once", dialog.Find(".danger-note").TextContent, StringComparison.Ordinal);

        await PressAsync(dialog, "Rotate key");

        await dialog.WaitForAssertionAsync(() => Assert.Contains("is revoked, and that proved", dialog.Markup, StringComparison.Ordinal));
        Assert.Empty(await server.ListAsync("data", old.Reveal()));
    }

    [Theory]
    [InlineData("2001-01-01")]
    [InlineData("2999-01-01")]
    public async Task A_last_day_that_policy_does_not_allow_keeps_the_button_closed(string day)
    {
        using var old = await Console.MakeKeyAsync();
        var dialog = await ShowAsync(old);
        Assert.False(IsOff(Button(dialog, "Rotate key")));

        await dialog.Find("input[type=date]").ChangeAsync(day);

        Assert.True(IsOff(Button(dialog, "Rotate key")));
        Assert.NotEmpty(dialog.FindAll(".fault[role=alert]"));
    }

    private Task<IRenderedComponent<MudDialogProvider>> ShowAsync(IssuedKey old) => OpenAsync(dialogs => RotateKeyDialog.ShowAsync(dialogs, old.Key));
}
