using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>From "Create a key" to the proof that it is dead, with PocketBase's own client as the service that uses it.</summary>
[Collection(Journeys.Name)]
public sealed class ApiKeyJourneyTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    private const string Purpose = "Imports the partner's catalogue";
    private readonly string _name = $"importer-{Guid.NewGuid():n}"[..24];

    [Fact]
    public async Task A_key_works_until_it_is_revoked_and_another_of_the_same_owner_goes_on()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.Page.GetByRole(AriaRole.Link, new() { Name = "API keys" }).ClickAsync();
        await Expect(ines.Heading).ToHaveTextAsync("API keys");
        var key = await CreateAsync(ines, _name);
        var other = await CreateAsync(ines, $"{_name}-2");
        var user = (await App.PocketBase.AdminAsync(
            HttpMethod.Post, $"/api/collections/users/impersonate/{Window.AdaId}", new JsonObject { ["duration"] = 600 })).GetProperty("token").GetString()!;

        Assert.Equal(new OfficialClient.KeyUse(25, true), await OfficialClient.UseKeyAsync(App.PocketBase, key));
        Assert.Equal(new OfficialClient.KeyUse(0, true), await OfficialClient.UseKeyAsync(App.PocketBase, user));
        await Row(ines, _name).First.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await ines.Field("Reason").FillAsync("The partner left us today");
        await ines.Button("Revoke key").ClickAsync();
        await Expect(ines.Dialog.GetByText("Proved:")).ToBeVisibleAsync();
        await ines.Button("Close").ClickAsync();

        Assert.Equal(new OfficialClient.KeyUse(0, false), await OfficialClient.UseKeyAsync(App.PocketBase, key));
        Assert.Equal(new OfficialClient.KeyUse(25, true), await OfficialClient.UseKeyAsync(App.PocketBase, other));
        await Expect(ines.Page.Locator("tr[data-key-id][data-state='revoked']").Filter(new() { HasText = _name })).ToHaveCountAsync(1);
        await ines.GoAsync($"/audit?text={_name}");
        foreach (var type in (string[])[AuditEventTypes.KeyCreated, AuditEventTypes.KeyRevoked])
        {
            await Expect(ines.Page.Locator($"tr[data-event='{type}']").First).ToContainTextAsync("Ines Duarte");
        }
    }

    [Fact]
    public async Task A_key_is_in_one_message_to_the_browser_and_in_no_file()
    {
        var ines = await OpenAsync("Ines Duarte", keepsBodies: true);
        await ines.GoAsync("/keys");

        var key = await CreateAsync(ines, _name);
        await ines.Page.ReloadAsync();
        await Expect(Row(ines, _name)).ToBeVisibleAsync();
        await ines.GoAsync($"/audit?text={_name}");
        await Expect(ines.Page.Locator($"tr[data-event='{AuditEventTypes.KeyCreated}']")).ToBeVisibleAsync();

        Assert.Single(await ines.TrafficAsync(), message => message.Contains(key, StringComparison.Ordinal));
        Assert.Single(ines.FramesReceived, frame => frame.Contains(key, StringComparison.Ordinal));
        Assert.Empty(App.FilesWith(new Regex(Regex.Escape(key))));
        Assert.Empty(App.FilesWith(new Regex(Regex.Escape(key.Split('.')[2]))));
    }

    [Fact]
    public async Task What_a_key_will_reach_is_seen_before_there_is_one_and_cancelling_leaves_nothing()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/keys");
        await FillAsync(ines, _name);
        await ines.Button("Continue").ClickAsync();

        await Expect(ines.Dialog.Locator("tr").Filter(new() { HasText = "@request.auth.disabled = false" })).ToContainTextAsync("reads");
        await Expect(ines.Dialog.Locator("tr").Filter(new() { HasText = "invoices" })).ToContainTextAsync("closed");
        Assert.Equal(1, await AccountsAsync());
        await ines.Button("Cancel").ClickAsync();
        await Expect(ines.Dialog).ToHaveCountAsync(0);

        await Expect(Row(ines, _name)).ToHaveCountAsync(0);
        Assert.Equal(0, await AccountsAsync());
    }

    [Fact]
    public async Task A_double_click_makes_one_key()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/keys");
        await FillAsync(ines, _name);

        await ines.Button("Continue").DblClickAsync();
        await ines.Button("Create key").DblClickAsync();
        await Expect(ines.Field("Key (shown once)")).ToBeVisibleAsync();
        await ines.Button("I have stored the key").ClickAsync();

        await Expect(Row(ines, _name)).ToHaveCountAsync(1);
        Assert.Equal(1, await AccountsAsync());
    }

    [Fact]
    public async Task The_copy_is_the_key_and_the_samples_are_ready_to_run()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await ines.GoAsync("/keys");
        await FillAsync(ines, _name);
        await ines.Button("Continue").ClickAsync();
        await ines.Button("Create key").ClickAsync();
        var key = await ines.Field("Key (shown once)").InputValueAsync();

        await ines.Button("Copy: Key (shown once)").ClickAsync();
        Assert.Equal(key, await ines.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await ines.Button("Copy: As a line for an environment file").ClickAsync();
        Assert.Equal($"POCKETBASE_API_KEY={key}", await ines.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));

        Assert.Contains($"{App.PocketBase.Url.ToString().TrimEnd('/')}/api/collections/data/records", await ines.Field("Try it with curl").InputValueAsync(), StringComparison.Ordinal);
        Assert.Contains("pb.authStore.save(process.env.POCKETBASE_API_KEY, null)", await ines.Field("JavaScript SDK").InputValueAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_comes_back_after_confirming_who_one_is()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/keys");
        await App.AgeProofAsync("ines-duarte");
        await FillAsync(ines, _name);
        await Expect(ines.Dialog.GetByText("It is a while since you proved who you are.")).ToBeVisibleAsync();
        await ines.Dialog.GetByText("180 days").ClickAsync();

        await ines.Button("Continue").ClickAsync();
        await ines.Page.GetByRole(AriaRole.Button, new() { Name = "Confirm that I'm Ines Duarte" }).ClickAsync();

        await Expect(ines.Field("Name")).ToHaveValueAsync(_name);
        await Expect(ines.Field("Purpose")).ToHaveValueAsync(Purpose);
        await Expect(ines.Dialog.GetByRole(AriaRole.Radio, new() { Name = "180 days" })).ToBeCheckedAsync();
        await ines.Button("Continue").ClickAsync();
        await ines.Button("Create key").ClickAsync();
        await Expect(ines.Field("Key (shown once)")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Rotating_shows_a_new_key_and_both_work()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/keys");
        var old = await CreateAsync(ines, _name);

        await Row(ines, _name).GetByRole(AriaRole.Button, new() { Name = $"Rotate {_name}" }).ClickAsync();
        await ines.Button("Rotate key").ClickAsync();
        var successor = await ines.Field("Key (shown once)").InputValueAsync();
        await ines.Button("I have stored the key").ClickAsync();

        await Expect(Row(ines, _name)).ToHaveCountAsync(2);
        await Expect(Row(ines, _name).Filter(new() { HasText = "rotated; revoked" })).ToHaveCountAsync(1);
        Assert.NotEqual(old, successor);
        Assert.Equal(new OfficialClient.KeyUse(25, true), await OfficialClient.UseKeyAsync(App.PocketBase, old));
        Assert.Equal(new OfficialClient.KeyUse(25, true), await OfficialClient.UseKeyAsync(App.PocketBase, successor));
    }

    [Fact]
    public async Task Another_admins_window_sees_a_revocation_at_once()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/keys");
        await CreateAsync(ines, _name);
        var second = await OpenAsync("Ines Duarte");
        await second.GoAsync("/keys");
        await Expect(Row(second, _name)).ToHaveAttributeAsync("data-state", "active");

        await Row(ines, _name).GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await ines.Field("Reason").FillAsync("The partner left us today");
        await ines.Button("Revoke key").ClickAsync();

        await Expect(Row(second, _name)).ToHaveAttributeAsync("data-state", "revoked");
    }

    [Fact]
    public async Task A_superuser_key_takes_two_admins_and_is_shown_to_who_asked()
    {
        await App.PocketBase.AdminAsync(HttpMethod.Post, "/api/collections/_superusers/records", new JsonObject
        {
            ["email"] = ConsoleApp.SuperuserOfKeys, ["password"] = "only-for-keys-1", ["passwordConfirm"] = "only-for-keys-1",
        });
        var roles = App.Services.GetRequiredService<RoleBook>();
        var ruth = await App.AsAsync("ruth-okafor");
        await roles.GrantAsync(ruth, new StaffId("demo/omar-haddad"), Role.Admin, "Covers for the other admin", null, CancellationToken.None);
        try
        {
            var ines = await OpenAsync("Ines Duarte");
            await ines.GoAsync("/keys");
            await FillAsync(ines, _name);
            await ines.Dialog.GetByLabel("Kind").SelectOptionAsync("Superuser");
            await ines.Button("Ask for approval").ClickAsync();
            await ines.Button("Close").ClickAsync();
            await Expect(Row(ines, _name).GetByRole(AriaRole.Button, new() { Name = "Approve" })).ToHaveCountAsync(0);

            var omar = await OpenAsync("Omar Haddad");
            await omar.GoAsync("/keys");
            await Row(omar, _name).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
            await omar.Field("Reason").FillAsync("Agreed in the migration meeting");
            await omar.Button("Approve").ClickAsync();
            await omar.Button("Close").ClickAsync();
            await Expect(Row(omar, _name).GetByRole(AriaRole.Button, new() { Name = "Create" })).ToHaveCountAsync(0);

            await Row(ines, _name).GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
            await ines.Button("Create key").ClickAsync();
            var key = await ines.Field("Key (shown once)").InputValueAsync();
            Assert.Equal(new OfficialClient.KeyUse(50, true), await OfficialClient.UseKeyAsync(App.PocketBase, key, "invoices"));
            await ines.Button("I have stored the key").ClickAsync();
            await Row(ines, _name).GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
            await ines.Field("Reason").FillAsync("The migration is done now");
            await ines.Button("Revoke key").ClickAsync();
            await Expect(ines.Dialog.GetByText("Proved:")).ToBeVisibleAsync();
        }
        finally
        {
            await roles.RevokeAsync(ruth, new StaffId("demo/omar-haddad"), Role.Admin, "The other admin is back", CancellationToken.None);
        }
    }

    [Fact]
    public async Task What_is_searched_is_what_is_exported()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/keys");
        await CreateAsync(ines, _name);
        await ines.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search", Exact = true }).FillAsync(_name.ToUpperInvariant());
        await Expect(ines.Page.Locator("tr[data-key-id]")).ToHaveCountAsync(1);
        await Expect(ines.Page).ToHaveURLAsync(new Regex($"text={_name}", RegexOptions.IgnoreCase));

        var download = await ines.Page.RunAndWaitForDownloadAsync(() => ines.Button("Export").ClickAsync());

        Assert.EndsWith(".csv", download.SuggestedFilename, StringComparison.Ordinal);
        var rows = PlainCsv.Rows(await File.ReadAllBytesAsync(await download.PathAsync()));
        Assert.Equal(2, rows.Count);
        Assert.Contains(_name, rows[1]);
        Assert.Equal(1, (await App.NewestAsync(AuditEventTypes.KeysExported))[0].Event.Target!.Count);
    }

    [Fact]
    public async Task Whoever_is_no_admin_has_no_keys()
    {
        foreach (var person in (string[])["Mia Chen", "Ruth Okafor"])
        {
            var window = await OpenAsync(person);
            await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "API keys" })).ToHaveCountAsync(0);

            await window.GoAsync("/keys");

            await Expect(window.Heading).ToHaveTextAsync(new Regex("No access yet|This page is locked for you"));
        }
    }

    private static ILocator Row(Window window, string name) => window.Page.Locator("tr[data-key-id]").Filter(new() { HasTextRegex = new Regex($"{Regex.Escape(name)}(?!-)") });

    private static async Task FillAsync(Window window, string name)
    {
        await window.Button("Create a key").ClickAsync();
        // The dialog begins in this field: a focus that comes late would take the next one's text.
        await Expect(window.Field("Name")).ToBeFocusedAsync();
        await window.Field("Name").FillAsync(name);
        await window.Field("Purpose").FillAsync(Purpose);
    }

    /// <summary>Makes a key as an admin does and takes it away.</summary>
    private static async Task<string> CreateAsync(Window window, string name)
    {
        await FillAsync(window, name);
        await window.Button("Continue").ClickAsync();
        await window.Button("Create key").ClickAsync();
        var key = await window.Field("Key (shown once)").InputValueAsync();
        await window.Button("I have stored the key").ClickAsync();
        await Expect(window.Dialog).ToHaveCountAsync(0);
        await Expect(Row(window, name)).ToHaveAttributeAsync("data-state", "active");
        return key;
    }

    private async Task<int> AccountsAsync() => (await App.PocketBase.AdminAsync(
        HttpMethod.Get, $"/api/collections/service_accounts/records?filter={Uri.EscapeDataString($"label='{_name}'")}")).GetProperty("items").GetArrayLength();
}
