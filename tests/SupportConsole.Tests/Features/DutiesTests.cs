using System.Reflection;
using Microsoft.AspNetCore.Components;
using SupportConsole.Access;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Erasing;
using SupportConsole.Features.Audit.Exporting;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SetUp;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Dossier;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Explaining.Comparing;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Explaining.Hidden;
using SupportConsole.Features.ViewAs.Explaining.Trying;
using SupportConsole.Features.ViewAs.Files;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.Site;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features;

/// <summary>
/// Each operation of a person, tried by everybody whose roles don't carry its duty. Pages and menus don't matter here: this is
/// what holds when somebody calls the operation past them.
/// </summary>
[Collection(DemoApp.Name)]
public sealed class DutiesTests(DemoServer server) : IAsyncLifetime
{
    private const string Why = "Covers the weekend shift";
    private static readonly AppUserId Ada = User("u8k2m1c0a3l9x7q");

    private static readonly Operation[] Operations =
    [
        new("RoleBook.ListAsync", Duty.ManageRoles, (it, who, _) => it.Roles.ListAsync(who, Token)),
        new("RoleBook.GrantAsync", Duty.ManageRoles, (it, who, _) => it.Roles.GrantAsync(who, Person(Nobody).Id, Role.Admin, Why, null, Token)),
        new("RoleBook.RevokeAsync", Duty.ManageRoles, (it, who, _) => it.Roles.RevokeAsync(who, Person(OtherManager).Id, Role.Manager, Why, Token)),
        new("RoleHistory.CouldAsync", Duty.ReadAudit, (it, who, _) => it.Get<RoleHistory>().CouldAsync(who, Duty.ViewAsUsers, new DateOnly(2026, 12, 1), TimeZoneInfo.Utc, Token)),
        new("AuditDesk.BeginAsync", Duty.ReadAudit, (it, who, _) => it.Get<AuditDesk>().BeginAsync(who, new AuditAddress(), Token)),
        new("AuditDesk.ReadAsync", Duty.ReadAudit, (it, who, _) => it.Get<AuditDesk>().ReadAsync(who, AuditQuery.All, null, 10, Token)),
        new("AuditDesk.RowsAsync", Duty.ReadAudit, (it, who, _) => it.Get<AuditDesk>().RowsAsync(who, AuditQuery.All, null, null, 10, false, Token)),
        new("AuditDesk.FindAsync", Duty.ReadAudit, (it, who, _) => it.Get<AuditDesk>().FindAsync(who, 1, Token)),
        new("AuditDesk.LoosenAsync", Duty.ReadAudit, (it, who, _) => it.Get<AuditDesk>().LoosenAsync(who, new AuditAddress(Outcome: "denied"), Token)),
        new("AuditDesk.NewsAsync", Duty.ReadAudit, (it, who, _) => it.Get<AuditDesk>().NewsAsync(who, AuditQuery.All, 0, Token)),
        new("TrailHistogram.GrownAsync", Duty.ReadAudit, (it, who, _) =>
            it.Get<TrailHistogram>().GrownAsync(who, new AuditQuery { SessionId = "s1" }, new Histogram(HistogramUnit.Day, TimeZoneInfo.Utc, [], null), Token)),
        new("TrailHistogram.OfAsync", Duty.ReadAudit, (it, who, _) => it.Get<TrailHistogram>().OfAsync(who, AuditQuery.All, TimeZoneInfo.Utc, Token)),
        new("Verification.RunAsync", Duty.ReadAudit, (it, who, _) => it.Get<Verification>().RunAsync(who, null, Token)),
        new("ProofDesk.StateAsync", Duty.ReadAudit, (it, who, _) => it.Get<ProofDesk>().StateAsync(who, Token)),
        new("ProofDesk.ProveAsync", Duty.ReadAudit, (it, who, _) => it.Get<ProofDesk>().ProveAsync(who, 1, Token)),
        new("SinkDesk.StandingsAsync", Duty.ReadAudit, (it, who, _) => it.Get<SinkDesk>().StandingsAsync(who, Token)),
        new("ExportDesk.BeginAsync", Duty.ReadAudit, (it, who, _) => it.Get<ExportDesk>().BeginAsync(who, new ExportWish(ExportFormat.Csv, new AuditAddress()), Token)),
        new("ExportDesk.OwnAsync", Duty.ReadAudit, (it, who, _) => it.Get<ExportDesk>().OwnAsync(who, Token)),
        new("AuditDesk.PeopleAsync", Duty.ReadAudit, (it, who, _) => it.Get<AuditDesk>().PeopleAsync(who, new WantedPerson(IsStaff: false, "ada", _ => new AuditAddress()), Token)),
        new("Erasure.CountAsync", Duty.ErasePersonalData, (it, who, _) => it.Get<Erasure>().CountAsync(who, new AuditSubjectKey("users", "u1"), Token)),
        new("Erasure.EraseAsync", Duty.ErasePersonalData, (it, who, _) => it.Get<Erasure>().EraseAsync(who, new AuditSubjectKey("users", "u1"), Why, Token)),
        new("UserDirectory.CollectionsAsync", Duty.FindUsers, (it, who, _) => it.Directory.CollectionsAsync(who, Token)),
        new("UserDirectory.SearchAsync", Duty.FindUsers, (it, who, _) => it.Directory.SearchAsync(who, "users", UserQuery.Parse("ada"), "ada", 1, Token)),
        new("UserDirectory.FindByTextAsync", Duty.FindUsers, (it, who, _) => it.Directory.FindByTextAsync(who, "ada", Token)),
        new("IUserFinder.FindByTextAsync", Duty.FindUsers, (it, who, _) => it.Get<IUserFinder>().FindByTextAsync(who, "ada", Token)),
        new("UserDirectory.FindLinkedAsync", Duty.FindUsers, (it, who, _) => it.Directory.FindLinkedAsync(who, Ada.ToString(), Token)),
        new("IUserFinder.FindLinkedAsync", Duty.FindUsers, (it, who, _) => it.Get<IUserFinder>().FindLinkedAsync(who, Ada.ToString(), Token)),
        new("UserDirectory.FindAsync", Duty.FindUsers, (it, who, _) => it.Directory.FindAsync(who, Ada, Token)),
        new("ViewAsDesk.OpenAsync", Duty.ViewAsUsers, (it, who, _) => it.Desk.OpenAsync(who, Ada, Purpose, 15, Token)),
        new("ViewAsDesk.EndForAnotherAsync", Duty.ViewAsUsers, (it, who, _) => it.Desk.EndForAnotherAsync(who, Token)),
        new("ViewAsDesk.EndAsync", Duty.SeeAllSessions, (it, who, live) => it.Desk.EndAsync(who, live.Id, Token)),
        new("PostReader.PostsAsync", Duty.ViewAsUsers, (it, who, live) => it.Reader.PostsAsync(who, live.Id, null, Token)),
        new("PostReader.PostAsync", Duty.ViewAsUsers, (it, who, live) => it.Reader.PostAsync(who, live.Id, "pw3lc0met0th3h4", Token)),
        new("SessionReads.RequireAsync", Duty.ViewAsUsers, (it, who, live) => it.Get<SessionReads>().RequireAsync(who, live.Id, Token)),
        new("RecordReader.ListAsync", Duty.ViewAsUsers, (it, who, live) => it.Get<RecordReader>().ListAsync(who, live.Id, new RecordsPlace("posts"), Token)),
        new("RecordReader.RecordAsync", Duty.ViewAsUsers, (it, who, live) => it.Get<RecordReader>().RecordAsync(who, live.Id, "posts", "pw3lc0met0th3h4", Token)),
        new("RecordReader.RightsAsync", Duty.ViewAsUsers, (it, who, live) => it.Get<RecordReader>().RightsAsync(who, live.Id, "posts", "pw3lc0met0th3h4", Token)),
        new("RecordReader.ReachAsync", Duty.ViewAsUsers, async (it, who, live) => await it.Get<RecordReader>().ReachAsync(who, live.Id, Token).ToListAsync(Token)),
        new("ChangeReader.FollowAsync", Duty.ViewAsUsers, async (it, who, live) => await it.Get<ChangeReader>().FollowAsync(who, live.Id, "posts", Token).FirstAsync(Token)),
        new("AccessQuestions.RequireAsync", Duty.ExplainAccess, (it, who, live) => it.Get<AccessQuestions>().RequireAsync(who, live.Id, Token)),
        new("AccessQuestions.BeginAsync", Duty.ExplainAccess, (it, who, live) => it.Get<AccessQuestions>().BeginAsync(who, live.Id, "posts", Token)),
        new("Explainer.LocateAsync", Duty.ExplainAccess, (it, who, live) => it.Get<Explainer>().LocateAsync(who, live.Id, "pw3lc0met0th3h4", Token)),
        new("Explainer.ExplainAsync", Duty.ExplainAccess, (it, who, live) => it.Get<Explainer>().ExplainAsync(who, live.Id, "posts", "pw3lc0met0th3h4", Token)),
        new("Explainer.ChangesAsync", Duty.ExplainAccess, (it, who, live) => it.Get<Explainer>().ChangesAsync(who, live.Id, "posts", "pw3lc0met0th3h4", Token)),
        new("HiddenRecords.OfPageAsync", Duty.ExplainAccess, (it, who, live) => it.Get<HiddenRecords>().OfPageAsync(who, live.Id, new RecordsPlace("posts"), null, 20, Token)),
        new("HiddenRecords.OfAllAsync", Duty.ExplainAccess, async (it, who, live) => await it.Get<HiddenRecords>().OfAllAsync(who, live.Id, "posts", Token).ToListAsync(Token)),
        new("RuleTrial.OfRecordsAsync", Duty.ExplainAccess, async (it, who, live) => await it.Get<RuleTrial>().OfRecordsAsync(who, live.Id, "posts", ReadRule.List, "", Token).ToListAsync(Token)),
        new("RuleTrial.OfUsersAsync", Duty.ExplainAccess, async (it, who, live) => await it.Get<RuleTrial>().OfUsersAsync(who, live.Id, "posts", "pw3lc0met0th3h4", ReadRule.List, "", Token).ToListAsync(Token)),
        new("AffectedUsers.CountAsync", Duty.ExplainAccess, async (it, who, live) => await it.Get<AffectedUsers>().CountAsync(who, live.Id, "posts", "pw3lc0met0th3h4", ReadRule.List, null, Token).ToListAsync(Token)),
        new("UserComparison.CompareAsync", Duty.ExplainAccess, (it, who, live) => it.Get<UserComparison>().CompareAsync(who, live.Id, "posts", "pw3lc0met0th3h4", ReadRule.List, "x", Token)),
        new("FileReader.OpenAsync", Duty.ViewAsUsers, (it, who, live) => it.Get<FileReader>().OpenAsync(who, live.Id, new FilePlace("posts", "p1nv0icetempl8t", "x.png"), null, Token)),
        new("KeyInventory.ListAsync", Duty.ManageKeys, (it, who, _) => it.Inventory.ListAsync(who, Token)),
        new("KeyInventory.UsageAsync", Duty.ManageKeys, (it, who, _) => it.Inventory.UsageAsync(who, [], Token)),
        new("KeyInventory.ExportingAsync", Duty.ManageKeys, (it, who, _) => it.Inventory.ExportingAsync(who, new KeyFilter(), 1, Token)),
        new("KeyMaker.PrepareAsync", Duty.ManageKeys, (it, who, _) => it.Keys.PrepareAsync(who, Wish(), Token)),
        new("KeyGate.EnterAsync", Duty.ManageKeys, (it, who, _) => it.Get<KeyGate>().EnterAsync(who, KeyGate.Patience, Token)),
        new("KeyMaker.MakeAsync", Duty.ManageKeys, (it, who, _) => it.Keys.MakeAsync(who, Wish(), Token)),
        new("KeyMaker.MintAsync", Duty.ManageKeys, (it, who, _) => it.Keys.MintAsync(who, "k000000000000000", Token)),
        new("KeyMaker.GiveUpAsync", Duty.ManageKeys, (it, who, _) => it.Keys.GiveUpAsync(who, "k000000000000000", Token)),
        new("SuperuserKeys.AskAsync", Duty.ManageKeys, (it, who, _) => it.Superusers.AskAsync(who, Wish(), Token)),
        new("SuperuserKeys.ApproveAsync", Duty.ManageKeys, (it, who, _) => it.Superusers.ApproveAsync(who, "k000000000000000", Why, Token)),
        new("KeyMaker.RotateAsync", Duty.ManageKeys, (it, who, _) => it.Keys.RotateAsync(who, "k000000000000000", TimeSpan.Zero, new KeyLife(30), Token)),
        new("KeyRevoker.RevokeAsync", Duty.ManageKeys, (it, who, _) => it.Revoker.RevokeAsync(who, "k000000000000000", Why, Token)),
        new("KeySuspension.SuspendAsync", Duty.ManageKeys, (it, who, _) => it.Suspension.SuspendAsync(who, "k000000000000000", Why, Token)),
        new("KeySuspension.ResumeAsync", Duty.ManageKeys, (it, who, _) => it.Suspension.ResumeAsync(who, "k000000000000000", Why, Token)),
        new("KeyEmergency.RevokeAllAsync", Duty.ManageKeys, (it, who, _) => it.Emergency.RevokeAllAsync(who, null, KeyEmergency.EverybodysConfirmation, Why, _ => Task.CompletedTask, Token)),
        new("SetUpDesk.CheckAsync", Duty.CheckSetUp, (it, who, _) => it.Get<SetUpDesk>().CheckAsync(who, Token)),
        new("SetUpDesk.TestAsync", Duty.CheckSetUp, (it, who, _) => it.Get<SetUpDesk>().TestAsync(who, Token)),
        new("SessionHistory.FindAsync", Duty.SeeSessions, (it, who, live) => it.Get<SessionHistory>().FindAsync(who, live.Id, Token)),
        new("SessionHistory.FindCutAsync", Duty.SeeSessions, (it, who, live) => it.Get<SessionHistory>().FindCutAsync(who, live.Id, Token)),
        new("SessionHistory.FindOwnAsync", Duty.SeeSessions, (it, who, live) => it.Get<SessionHistory>().FindOwnAsync(who, live.Id, Token)),
        new("SessionHistory.AdmitAsync", Duty.SeeSessions, (it, who, live) => it.Get<SessionHistory>().AdmitAsync(who, live.Id, Token)),
        new("SessionHistory.TakeAwayAsync", Duty.SeeSessions, (it, who, live) => it.Get<SessionHistory>().TakeAwayAsync(who, live.Id, Token)),
        new("SessionHistory.TakeProofsAwayAsync", Duty.SeeSessions, (it, who, live) => it.Get<SessionHistory>().TakeProofsAwayAsync(who, live.Id, Token)),
        new("SessionHistory.PageAsync", Duty.SeeAllSessions, (it, who, live) => it.Get<SessionHistory>().PageAsync(who, new SessionOutline { SessionId = live.Id, Agent = live.Agent }, 1, Token)),
        new("SessionComparison.CompareAsync", Duty.SeeSessions, (it, who, live) => it.Get<SessionComparison>().CompareAsync(who, live.Id, Token)),
    ];

    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Operations.Select(operation => operation.Name)];

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(server);

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public void The_table_names_every_operation_that_takes_a_person()
    {
        var operations =
            from type in typeof(App).Assembly.GetTypes()
            where !typeof(ComponentBase).IsAssignableFrom(type) && !type.Name.Contains('<', StringComparison.Ordinal)
            from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where !method.IsPrivate && method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CurrentStaff))
            select $"{type.Name}.{method.Name}";

        Assert.Equal(operations.Order(), Names.Select(row => row.Data).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whoever_lacks_the_duty_changes_nothing_asks_nobody_and_is_recorded(string name)
    {
        var operation = Operations.Single(known => known.Name == name);
        var live = await _console.OpenAsync(Ada, OtherAgent);
        var before = await RolesAsync();
        var without = DemoPeople.All.Where(person => person.Id != live.Staff && !RoleCatalog.Covers(before[person.Key], operation.Duty)).ToArray();
        Assert.NotEmpty(without);
        _console.Relay.Clear();
        foreach (var person in without)
        {
            var known = (await _console.EventsAsync()).Length;

            var refusal = await Assert.ThrowsAsync<DutyRefusedException>(() => operation.CallAsync(_console, _console.As(person.Key), live));

            // What all may do with their own sessions asks for less first.
            Assert.True(operation.Duty == refusal.Duty || operation.Duty == Duty.SeeAllSessions, $"{refusal.Duty} was asked for first.");
            var recorded = Assert.Single((await _console.EventsAsync())[known..]);
            Assert.Equal(
                (AuditEventTypes.PolicyDenied, person.Id, AuditOutcome.Denied, refusal.Duty.ToString(), "192.0.2.7"),
                (recorded.Type, recorded.Actor.Id, recorded.Outcome, recorded.Detail, recorded.ClientAddress));
        }

        Assert.Empty(_console.Relay.Requests);
        Assert.Equal(live, Assert.Single(_console.Sessions.All()));
        Assert.Equal(before, await RolesAsync());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_window_that_is_nobodys_does_nothing(string name)
    {
        var live = await _console.OpenAsync(Ada, OtherAgent);
        _console.Relay.Clear();
        var known = await _console.EventsAsync();

        await Assert.ThrowsAsync<SignInOverException>(
            () => Operations.Single(operation => operation.Name == name).CallAsync(_console, _console.AsNobody(), live));

        Assert.Equal(known.Length, (await _console.EventsAsync()).Length);
        Assert.Empty(_console.Relay.Requests);
        Assert.Single(_console.Sessions.All());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_right_ends_with_its_role_in_a_window_that_is_open_already(string name)
    {
        var operation = Operations.Single(known => known.Name == name);
        var holder = DemoPeople.All.First(person => person.Role is { } role && person.Key is not (Manager or OtherAgent) && RoleCatalog.Covers([role], operation.Duty));
        var window = _console.As(holder.Key);
        await _console.Roles.RevokeAsync(_console.As(Manager), holder.Id, holder.Role!.Value, "Left the support team", Token);
        var live = await _console.OpenAsync(Ada, OtherAgent);

        await Assert.ThrowsAsync<DutyRefusedException>(() => operation.CallAsync(_console, window, live));

        Assert.Equal((AuditEventTypes.PolicyDenied, holder.Id), ((await _console.EventsAsync())[^1].Type, (await _console.EventsAsync())[^1].Actor.Id));
    }

    private async Task<Dictionary<string, Role[]>> RolesAsync()
    {
        var roles = new Dictionary<string, Role[]>();
        foreach (var person in DemoPeople.All)
        {
            roles[person.Key] = [.. (await _console.Roles.FindAsync(person.Id, Token))?.Roles ?? []];
        }

        return roles;
    }

    /// <param name="Name">The class and the method.</param>
    /// <param name="Duty">What it needs, as it is called here.</param>
    /// <param name="CallAsync">Calls it; the session is a live one of somebody else's.</param>
    private sealed record Operation(string Name, Duty Duty, Func<ConsoleServices, CurrentStaff, ViewAsSession, Task> CallAsync);
}
