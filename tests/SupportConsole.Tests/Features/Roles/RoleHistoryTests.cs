using System.Globalization;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Roles;

/// <summary>Who could do what on a day that is over, and the page that asks it.</summary>
public sealed class RoleHistoryTests() : WindowContext(Admin)
{
    [Theory]
    [InlineData("2026-11-09T10:00", null, "2026-11-10T09:00", true)] // Revoked on the day.
    [InlineData("2026-11-10T10:00", null, null, true)] // Granted on the day, held still.
    [InlineData("2026-11-10T10:00", null, "2026-11-10T11:00", true)] // Both on the day.
    [InlineData("2026-11-01T10:00", null, "2026-11-30T11:00", true)]
    [InlineData("2026-11-01T10:00", null, "2026-11-10T00:00", false)] // Revoked as the day began.
    [InlineData("2026-11-11T00:00", null, null, false)] // Granted as it ended.
    [InlineData("2026-11-01T10:00", "2026-11-10T00:00", null, false)] // Lapsed before it, and not swept yet.
    [InlineData("2026-11-01T10:00", "2026-11-10T00:01", null, true)]
    [InlineData("2026-11-01T10:00", "2026-11-20T00:00", "2026-11-09T10:00", false)] // Revoked before it would have lapsed.
    [InlineData("2026-11-01T10:00", "2026-11-20T00:00", null, true)]
    public async Task A_grant_counts_if_it_stood_at_some_time_of_the_day(string granted, string? until, string? ended, bool could)
    {
        Grant("demo/tom-weber", Role.Admin, granted, until, ended);

        var tenures = await CouldAsync(Duty.ManageKeys, new DateOnly(2026, 11, 10), "UTC");

        Assert.Equal(could ? ["demo/tom-weber"] : [], tenures.Select(tenure => tenure.Staff.Value));
        if (could)
        {
            var tenure = tenures[0];
            Assert.Equal(("Tom Weber", Role.Admin, At(granted), "Ruth Okafor"), (tenure.Name, tenure.Role, tenure.Since, tenure.GrantedBy));
            Assert.Equal(ended ?? until, tenure.Until?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));
            Assert.Equal(ended is null ? null : "Omar Haddad", tenure.EndedBy);
        }
    }

    [Fact]
    public async Task Only_roles_with_the_duty_count_and_every_grant_is_told()
    {
        Grant("demo/tom-weber", Role.Agent, "2026-11-01T10:00", null, "2026-11-10T10:00");
        Grant("demo/tom-weber", Role.Agent, "2026-11-10T12:00", null, null);
        Grant("demo/tom-weber", Role.Manager, "2026-11-01T10:00", null, null);

        Assert.Equal([Role.Agent, Role.Agent], (await CouldAsync(Duty.ViewAsUsers, new DateOnly(2026, 11, 10), "UTC")).Select(tenure => tenure.Role));
        Assert.Equal([Role.Manager, Role.Agent, Role.Agent], (await CouldAsync(Duty.SeeSessions, new DateOnly(2026, 11, 10), "UTC")).Select(tenure => tenure.Role).OrderDescending());
        Assert.Empty(await CouldAsync(Duty.ReadAudit, new DateOnly(2026, 11, 10), "UTC"));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-10-25T22:59", true)] // Of 25 hours.
    [InlineData("Europe/Berlin", "2026-10-25T23:00", false)]
    [InlineData("Asia/Tokyo", "2026-10-25T14:59", true)]
    [InlineData("Asia/Tokyo", "2026-10-25T15:00", false)]
    [InlineData("UTC", "2026-10-25T23:59", true)]
    public async Task The_day_is_one_of_its_zone(string zone, string granted, bool could)
    {
        Grant("demo/tom-weber", Role.Admin, granted, null, null);

        Assert.Equal(could ? 1 : 0, (await CouldAsync(Duty.ReadAudit, new DateOnly(2026, 10, 25), zone)).Count);
    }

    [Fact]
    public async Task Asking_is_recorded_before_it_is_answered()
    {
        await CouldAsync(Duty.ViewAsUsers, new DateOnly(2026, 11, 10), "Europe/Berlin");

        var asked = (await Console.EventsAsync())[^1];
        Assert.Equal(
            (AuditEventTypes.AuditViewed, Person(Admin).Id, "who could open a view-as session on 2026-11-10, a day of Europe/Berlin"),
            (asked.Type, asked.Actor.Id, asked.Detail));
    }

    [Fact]
    public async Task The_page_says_who_since_when_until_when_and_by_whom()
    {
        Grant("demo/tom-weber", Role.Admin, "2026-11-01T10:00", null, "2026-11-10T10:00");

        var page = Show("audit/could?duty=ManageKeys&day=2026-11-10");

        await page.WaitForAssertionAsync(() => Assert.Contains("1 person could.", page.Markup, StringComparison.Ordinal));
        var row = page.Find("tr[data-staff-id]");
        Assert.Contains("by Ruth Okafor", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("by Omar Haddad", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("audit?from=2026-11-10&to=2026-11-10&zone=UTC&staff=demo%2Ftom-weber", row.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task A_day_without_a_zone_is_the_readers_and_the_address_then_says_so()
    {
        Grant("demo/tom-weber", Role.Admin, "2026-11-09T15:00", null, "2026-11-09T15:30"); // Past midnight in Tokyo.
        var facts = new WindowFacts(isDark: false);
        var address = Services.GetRequiredService<BunitNavigationManager>();
        address.NavigateTo("audit/could?duty=ManageKeys&day=2026-11-10");

        var page = Render<CascadingValue<BrowserClock>>(window => PageIn(window, BrowserClock.From(null)));
        Assert.Empty(await Console.TypesAsync()); // Nothing is asked before the browser has said where it is.
        var tokyo = BrowserClock.From("Asia/Tokyo");
        facts.Learn(tokyo, isDark: false);
        page.Render(window => PageIn(window, tokyo));

        await page.WaitForAssertionAsync(() => Assert.Contains("1 person could.", page.Markup, StringComparison.Ordinal));
        Assert.EndsWith("duty=ManageKeys&day=2026-11-10&zone=Asia%2FTokyo", address.Uri, StringComparison.Ordinal);
        Assert.Equal("audit?from=2026-11-10&to=2026-11-10&zone=Asia%2FTokyo&staff=demo%2Ftom-weber", page.Find("tr[data-staff-id] a").GetAttribute("href"));

        void PageIn(ComponentParameterCollectionBuilder<CascadingValue<BrowserClock>> window, BrowserClock clock) => window.Add(it => it.Value, clock)
            .AddChildContent<CascadingValue<WindowFacts>>(known => known.Add(it => it.Value, facts).AddChildContent<CouldPage>());
    }

    [Theory]
    [InlineData("duty=Nothing&day=2026-11-10", "is nothing that a role lets anybody do")]
    [InlineData("duty=3&day=2026-11-10", "is nothing that a role lets anybody do")]
    [InlineData("duty=ReadAudit&day=2026-13-10", "is no day")]
    [InlineData("duty=ReadAudit&day=9999-12-31", "is no day")]
    [InlineData("duty=ReadAudit&day=2026-11-10&zone=Mars", "is no time zone")]
    [InlineData("", "Choose what was done, and the day.")]
    [InlineData("duty=ReadAudit", "Choose what was done, and the day.")]
    public async Task What_cannot_be_read_is_said_and_nobody_is_asked_for(string query, string sentence)
    {
        var page = Show($"audit/could?{query}");

        await page.WaitForAssertionAsync(() => Assert.Contains(sentence, page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("table"));
        Assert.Empty(await Console.TypesAsync());
    }

    private async Task<IReadOnlyList<RoleTenure>> CouldAsync(Duty duty, DateOnly day, string zone) =>
        await Console.Get<RoleHistory>().CouldAsync(Me, duty, day, TimeZoneInfo.FindSystemTimeZoneById(zone), Token);

    private void Grant(string staff, Role role, string granted, string? until, string? ended)
    {
        // The demo's own grants are of its start, whenever that is.
        using var connection = Console.File.Connect();
        using var insert = connection.Prepare(
            """
            UPDATE role_grant SET granted_at = $start WHERE granted_by = 'system';
            INSERT INTO role_grant (staff_id, role, granted_at, granted_by, granted_by_name, reason, until, ended_at, ended_by, ended_by_name, end_reason)
            VALUES ($staff, $role, $granted, 'demo/ruth-okafor', 'Ruth Okafor', 'r', $until, $ended, iif($ended IS NULL, NULL, 'demo/omar-haddad'), iif($ended IS NULL, NULL, 'Omar Haddad'), NULL)
            """,
            ("$start", StoredTime.From(At("2040-01-01T00:00"))), ("$staff", staff), ("$role", role.ToString()), ("$granted", StoredTime.From(At(granted))),
            ("$until", until is null ? null : StoredTime.From(At(until))), ("$ended", ended is null ? null : StoredTime.From(At(ended))));
        insert.ExecuteNonQuery();
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse($"{instant}Z", CultureInfo.InvariantCulture);

    private IRenderedComponent<CouldPage> Show(string address)
    {
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo(address);
        return Render<CouldPage>();
    }
}
