using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys.Ending;

/// <summary>The dialogs that end one key, or many.</summary>
[Collection(DemoApp.Name)]
public sealed class EndingDialogsTests(DemoServer server) : WindowContext(Admin, server)
{
    private const string Why = "The partner left";

    [Fact]
    public async Task A_revocation_waits_for_a_reason_and_shows_its_proof()
    {
        using var key = await Console.MakeKeyAsync();
        var dialog = await ChangeAsync(KeyAct.Revoke, key);
        Assert.True(IsOff(Button(dialog, "Revoke key")));
        await Field(dialog, "Reason").InputAsync(Why);

        await PressAsync(dialog, "Revoke key");

        await dialog.WaitForAssertionAsync(() => Assert.Equal($"{key.Key.Name} is revoked", dialog.Find("h2").TextContent));
        Assert.StartsWith("Proved:", dialog.Find("p[role=status]").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Empty(await server.ListAsync("data", key.Reveal()));
    }

    [Fact]
    public async Task Cancelling_revokes_nothing()
    {
        using var key = await Console.MakeKeyAsync();
        var dialog = await ChangeAsync(KeyAct.Revoke, key);
        await Field(dialog, "Reason").InputAsync(Why);

        await PressAsync(dialog, "Cancel");

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
        Assert.NotEmpty(await server.ListAsync("data", key.Reveal()));
    }

    [Fact]
    public async Task A_suspended_key_is_resumed_here()
    {
        using var key = await Console.MakeKeyAsync();
        await Console.Suspension.SuspendAsync(Console.As(Admin), key.Key.Id, Why, Token);
        var dialog = await ChangeAsync(KeyAct.Resume, key);
        await Field(dialog, "Reason").InputAsync(Why);

        await PressAsync(dialog, "Resume key");

        await dialog.WaitForAssertionAsync(() => Assert.Equal("The key works again.", dialog.Find("p[role=status]").TextContent));
    }

    [Fact]
    public async Task An_old_proof_sends_the_admin_away_with_the_reason_and_leaves_the_key()
    {
        using var key = await Console.MakeKeyAsync();
        Console.ProveAt(Admin, Console.Clock.GetUtcNow().AddYears(-20));
        var dialog = await ChangeAsync(KeyAct.Revoke, key);
        await Field(dialog, "Reason").InputAsync(Why);

        await PressAsync(dialog, "Revoke key");

        Assert.EndsWith("/signin/confirm?returnUrl=%2Fkeys%3Fresume%3Dtrue", Services.GetRequiredService<BunitNavigationManager>().Uri, StringComparison.Ordinal);
        Assert.NotEmpty(await server.ListAsync("data", key.Reveal()));
    }

    [Fact]
    public async Task Many_keys_end_only_once_the_owners_name_is_typed()
    {
        using var key = await Console.MakeKeyAsync();
        using var others = await Console.MakeKeyAsync(Wish() with { Owner = Person(Manager).Id.Value });
        var list = await Console.Inventory.ListAsync(Console.As(Admin), Token);
        var dialog = await OpenAsync(dialogs => RevokeAllDialog.ShowAsync(dialogs, list.Lines));
        await Field(dialog, "Whose keys").ChangeAsync(Person(Admin).Id.Value);
        await Field(dialog, "Reason").InputAsync(Why);
        await Field(dialog, "To confirm, type: Ines Duarte").InputAsync("Ines");
        Assert.True(IsOff(Button(dialog, "Revoke all of them")));
        await Field(dialog, "To confirm, type: Ines Duarte").InputAsync(" ines duarte ");

        await PressAsync(dialog, "Revoke all of them");

        await dialog.WaitForAssertionAsync(() => Assert.Equal("1 of 1 keys revoked", dialog.Find("h2").TextContent));
        Assert.Equal("revoked", dialog.Find($"li[data-key-id='{key.Key.Id}']").GetAttribute("data-state"));
        Assert.Empty(await server.ListAsync("data", key.Reveal()));
        Assert.NotEmpty(await server.ListAsync("data", others.Reveal()));
    }

    [Fact]
    public async Task Another_choice_of_whose_keys_asks_for_another_confirmation()
    {
        using var key = await Console.MakeKeyAsync();
        var list = await Console.Inventory.ListAsync(Console.As(Admin), Token);
        var dialog = await OpenAsync(dialogs => RevokeAllDialog.ShowAsync(dialogs, list.Lines));
        await Field(dialog, "Reason").InputAsync(Why);
        await Field(dialog, "To confirm, type: Ines Duarte").InputAsync("Ines Duarte");
        Assert.False(IsOff(Button(dialog, "Revoke all of them")));

        await Field(dialog, "Whose keys").ChangeAsync("");

        Assert.True(IsOff(Button(dialog, "Revoke all of them")));
        Assert.NotNull(Field(dialog, $"To confirm, type: {KeyEmergency.EverybodysConfirmation}"));
    }

    private Task<IRenderedComponent<MudDialogProvider>> ChangeAsync(KeyAct act, IssuedKey key) => OpenAsync(dialogs => ChangeKeyDialog.ShowAsync(dialogs, act, key.Key));
}
