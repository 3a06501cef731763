using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Access;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys.Inventory;

/// <summary>The inventory follows what happens to keys, here and elsewhere.</summary>
[Collection(DemoApp.Name)]
public sealed class ApiKeysPageTests(DemoServer server) : WindowContext(Admin, server)
{
    private const string Why = "The partner left";

    [Fact]
    public async Task A_key_that_is_made_or_revoked_elsewhere_shows_by_itself()
    {
        var page = await ShowAsync();

        using var key = await Console.MakeKeyAsync();
        await page.WaitForAssertionAsync(() => Assert.Equal("active", Row(page, key.Key).GetAttribute("data-state")));

        await Console.Revoker.RevokeAsync(Console.As(Admin), key.Key.Id, Why, Token);
        await page.WaitForAssertionAsync(() => Assert.Equal("revoked", Row(page, key.Key).GetAttribute("data-state")));
        Assert.Empty(Row(page, key.Key).QuerySelectorAll("button"));
    }

    [Fact]
    public async Task A_search_narrows_the_list_and_the_address_keeps_it()
    {
        using var one = await Console.MakeKeyAsync();
        using var other = await Console.MakeKeyAsync();
        var page = await ShowAsync();

        await page.Find("input[type=search]").InputAsync(one.Key.Name);

        await page.WaitForAssertionAsync(() => Assert.Equal([one.Key.Id], page.FindAll("tr[data-key-id]").Select(row => row.GetAttribute("data-key-id"))));
        Assert.Contains("text=", Services.GetRequiredService<BunitNavigationManager>().Uri, StringComparison.Ordinal);

        await page.Find("input[type=search]").InputAsync("nothing is called so");
        await page.WaitForAssertionAsync(() => Assert.Contains("No key fits", page.Markup, StringComparison.Ordinal));
        Assert.True(IsOff(Button(page, "Export")));
    }

    [Fact]
    public async Task An_export_is_recorded_before_the_browser_gets_it()
    {
        using var key = await Console.MakeKeyAsync();
        var page = await ShowAsync();

        await PressAsync(page, "Export");

        // The log may be read meanwhile, and that be recorded after it.
        Assert.Single(await Console.TypesAsync(), type => type == AuditEventTypes.KeysExported);
        Assert.EndsWith(".csv", Assert.Single(JSInterop.Invocations["supportConsole.save"]).Arguments[0]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_can_not_be_recorded_goes_nowhere()
    {
        using var key = await Console.MakeKeyAsync();
        var page = await ShowAsync();
        using var damage = Console.DamageRoles();

        await PressAsync(page, "Export");

        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll(".mud-alert")));
        Assert.Empty(JSInterop.Invocations["supportConsole.save"]);
    }

    [Fact]
    public async Task Without_PocketBase_the_own_keys_are_shown_with_the_reason()
    {
        using var key = await Console.MakeKeyAsync();
        Console.Relay.Intercept = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };

        var page = Render<ApiKeysPage>();

        await page.WaitForAssertionAsync(() => Assert.Equal("unknown", Row(page, key.Key).GetAttribute("data-state")));
        Assert.Contains("whether those keys work can't be told", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_may_not_is_refused_and_sees_no_key()
    {
        using var key = await Console.MakeKeyAsync();
        Me = Console.As(Agent);

        var page = Render<ApiKeysPage>();

        await page.WaitForAssertionAsync(() => Assert.Contains("Your role doesn't allow this", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain(key.Key.Name, page.Markup, StringComparison.Ordinal);
        Assert.True(IsOff(Button(page, "Create a key")));
        Assert.True(IsOff(Button(page, "Emergency…")));
    }

    [Fact]
    public async Task A_page_that_is_closed_listens_no_more()
    {
        var changes = Console.Get<KeyChanges>();
        await ShowAsync();
        Assert.Equal(1, changes.Listeners);

        await DisposeComponentsAsync();

        Assert.Equal(0, changes.Listeners);
    }

    [Fact]
    public async Task A_list_that_was_asked_for_later_is_not_replaced_by_an_older_answer()
    {
        IRenderedComponent<ApiKeysPage> page;
        using (Console.DamageRoles())
        {
            page = Render<ApiKeysPage>();
            await page.WaitForAssertionAsync(() => Assert.Contains("Try again", Buttons(page)));
        }

        var (listed, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        Console.Relay.Answered = context =>
            context.Request.Path == "/api/collections/service_accounts/records" && listed.TrySetResult() ? answer.Task : Task.CompletedTask;
        var older = PressAsync(page, "Try again");
        await listed.Task;
        var (account, _) = await server.AddForeignKeyAsync("Made meanwhile");

        var newer = PressAsync(page, "Try again");
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll($"tr[data-key-id='{account}']")));
        answer.SetResult();
        await Task.WhenAll(older, newer);

        Assert.NotEmpty(page.FindAll($"tr[data-key-id='{account}']"));
        await server.RemoveAsync("service_accounts", account);
    }

    [Fact]
    public async Task Whoever_comes_back_finds_the_dialog_they_left_about_the_same_key()
    {
        using var key = await Console.MakeKeyAsync();
        var dialogs = await ResumeAsync(new KeyForm(KeyAct.Revoke, key.Key.Id, Reason: Why));

        await dialogs.WaitForAssertionAsync(() => Assert.Equal($"Revoke {key.Key.Name}", dialogs.Find("h2").TextContent));
        Assert.Equal(Why, Field(dialogs, "Reason").GetAttribute("value"));
        Assert.Equal(KeyPhase.Live, (await Console.Inventory.ListAsync(Console.As(Admin), Token)).Lines.Single(line => line.Key.Id == key.Key.Id).Key.Phase);
    }

    [Fact]
    public async Task A_dialog_about_a_key_that_is_not_there_is_not_taken_up()
    {
        var dialogs = await ResumeAsync(new KeyForm(KeyAct.Revoke, "k000000000000000", Reason: Why));

        Assert.Empty(dialogs.FindAll("h2"));
    }

    private async Task<IRenderedComponent<MudBlazor.MudDialogProvider>> ResumeAsync(KeyForm form)
    {
        await Services.GetRequiredService<StepUp>().DoAsync(form, "keys?resume=true", () => throw new ProofTooOldException(), beforeLeaving: null, Token);
        BringBack();
        var dialogs = RenderDialogs();
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("keys?resume=true");
        await ShowAsync();
        return dialogs;
    }

    private async Task<IRenderedComponent<ApiKeysPage>> ShowAsync()
    {
        var page = Render<ApiKeysPage>();
        await page.WaitForAssertionAsync(() => Assert.False(IsOff(Button(page, "Create a key"))));
        return page;
    }

    private static IElement Row(IRenderedComponent<ApiKeysPage> page, ApiKey key) => page.Find($"tr[data-key-id='{key.Id}']");
}
