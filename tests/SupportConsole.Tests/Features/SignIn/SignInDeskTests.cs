using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.SignIn;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.SignIn;

public sealed class SignInDeskTests : IAsyncLifetime
{
    private static readonly DemoPerson Tom = Person(ConsoleServices.Nobody);
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_sign_in_is_current_for_the_person_who_signed_in_and_recorded()
    {
        var signIn = await BeginAsync();

        Assert.True(await IsCurrentAsync(Tom.Id, signIn));
        var recorded = (await _console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.SignedIn, Tom.Id, "192.0.2.9"), (recorded.Type, recorded.Actor.Id, recorded.ClientAddress));
        Assert.Empty(recorded.Actor.Roles);
    }

    [Fact]
    public async Task A_sign_in_makes_the_person_known_by_their_newest_name()
    {
        await BeginAsync();
        await _console.SignIn.BeginAsync(Tom.Id, "Tom Weber-Ito", "tw@corp.example", null, Token);

        var known = await _console.Roles.FindAsync(Tom.Id, Token);
        Assert.Equal(("Tom Weber-Ito", "tw@corp.example"), (known?.Name, known?.Email));
    }

    [Fact]
    public async Task Somebody_elses_or_an_invented_sign_in_is_none()
    {
        var signIn = await BeginAsync();

        Assert.False(await IsCurrentAsync(Person(Agent).Id, signIn));
        Assert.False(await IsCurrentAsync(Tom.Id, signIn.ToUpperInvariant() + "0"));
        Assert.False(await IsCurrentAsync(Tom.Id, ""));
        Assert.False(await IsCurrentAsync(Tom.Id, null));
    }

    [Fact]
    public async Task An_ended_sign_in_is_over_and_its_windows_hear_of_it()
    {
        var signIn = await BeginAsync();
        var other = await BeginAsync();
        var told = new List<StaffChange>();
        using var listening = _console.Changes.Subscribe(change => { told.Add(change); return Task.CompletedTask; });

        Assert.True(await EndAsync(signIn));

        Assert.False(await IsCurrentAsync(Tom.Id, signIn));
        Assert.True(await IsCurrentAsync(Tom.Id, other));
        Assert.Equal([new StaffChange(Tom.Id, signIn)], told);
        Assert.Equal(AuditEventTypes.SignedOut, (await _console.EventsAsync())[^1].Type);
    }

    [Fact]
    public async Task A_sign_in_is_over_after_its_longest_age()
    {
        var signIn = await BeginAsync();

        _console.Clock.Advance(SignInDesk.MaximumAge - TimeSpan.FromSeconds(1));
        Assert.True(await IsCurrentAsync(Tom.Id, signIn));
        _console.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await IsCurrentAsync(Tom.Id, signIn));
    }

    [Fact]
    public async Task Nobody_is_signed_in_unless_that_is_recorded()
    {
        await BeginAsync();
        using (_console.LockTrail())
        {
            await Assert.ThrowsAsync<AuditUnavailableException>(
                () => _console.SignIn.BeginAsync(new StaffId("demo/eve"), "Eve", "eve@corp.example", null, Token));
        }

        Assert.Null(await _console.Roles.FindAsync(new StaffId("demo/eve"), Token));
    }

    [Fact]
    public async Task A_sign_out_that_can_not_be_recorded_closes_the_windows_all_the_same()
    {
        var signIn = await BeginAsync();
        var told = new List<StaffChange>();
        using var listening = _console.Changes.Subscribe(change => { told.Add(change); return Task.CompletedTask; });
        using (_console.LockTrail())
        {
            Assert.False(await EndAsync(signIn));
        }

        Assert.Equal([new StaffChange(Tom.Id, signIn)], told);
    }

    [Fact]
    public async Task A_sign_in_that_failed_is_recorded()
    {
        Assert.True(await _console.SignIn.TryRecordFailureAsync("no such demo person", "192.0.2.9"));

        var recorded = (await _console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.SignInFailed, AuditOutcome.Failed), (recorded.Type, recorded.Outcome));
    }

    [Fact]
    public async Task Two_sign_ins_never_share_an_id() =>
        Assert.NotEqual(await BeginAsync(), await BeginAsync());

    [Fact]
    public async Task Roles_of_the_first_start_are_given_once()
    {
        await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, "Left the support team", Token);

        await _console.Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>().OfType<DemoRoles>().Single().StartAsync(Token);

        Assert.Empty((await _console.Roles.FindAsync(Person(Agent).Id, Token))!.Roles);
    }

    private Task<string> BeginAsync() => _console.SignIn.BeginAsync(Tom.Id, Tom.Name, Tom.Email, "192.0.2.9", Token);

    private async Task<bool> EndAsync(string signIn) =>
        await _console.SignIn.TryEndAsync(new ActingStaff((await _console.Roles.FindAsync(Tom.Id, Token))!, null), signIn);

    private Task<bool> IsCurrentAsync(StaffId staff, string? signIn) => _console.SignIn.IsCurrentAsync(staff, signIn, Token);
}
