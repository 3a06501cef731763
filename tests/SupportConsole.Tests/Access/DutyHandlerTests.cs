using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Logging;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Access;

/// <summary>Who may open a page: by what a window was told, by the store otherwise, and nobody where neither says so.</summary>
public sealed class DutyHandlerTests : IAsyncLifetime
{
    private const string Why = "Covers the weekend shift";
    private readonly LogLines _log = new();
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory]
    [InlineData(Agent, Duty.FindUsers, true)]
    [InlineData(Agent, Duty.ManageRoles, false)]
    [InlineData(Manager, Duty.ManageRoles, true)]
    [InlineData(Manager, Duty.FindUsers, false)]
    [InlineData(Nobody, Duty.SeeSessions, false)]
    public async Task Claims_open_what_the_stored_roles_carry(string person, Duty duty, bool open) =>
        Assert.Equal(open, await IsOpenAsync(Claims(person), duty));

    [Fact]
    public async Task A_cookie_outlives_a_role_and_opens_nothing()
    {
        await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, Why, Token);

        Assert.False(await IsOpenAsync(Claims(Agent), Duty.FindUsers));
    }

    [Fact]
    public async Task Claims_whose_sign_in_does_not_stand_open_nothing()
    {
        var mia = Person(Agent);

        Assert.False(await IsOpenAsync(StaffClaims.Principal(mia.Id, mia.Name, mia.Email, "one that never was", "Test"), Duty.FindUsers));
        Assert.False(await IsOpenAsync(StaffClaims.Principal(mia.Id, mia.Name, mia.Email, SignInOf(OtherAgent), "Test"), Duty.FindUsers));
        Assert.False(await IsOpenAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(StaffClaims.Id, mia.Id.Value)], "Test")), Duty.FindUsers));
    }

    [Fact]
    public async Task Claims_that_nobody_vouched_for_open_nothing()
    {
        var claims = Claims(Agent).Claims;

        Assert.False(await IsOpenAsync(new ClaimsPrincipal(new ClaimsIdentity(claims)), Duty.FindUsers));
        Assert.False(await IsOpenAsync(new ClaimsPrincipal(), Duty.FindUsers));
    }

    [Fact]
    public async Task A_window_is_decided_by_what_it_was_told_without_asking_the_store()
    {
        var window = new ClaimsPrincipal(new WindowIdentity((ClaimsIdentity)Claims(Agent).Identity!, new StaffMember(Person(Agent).Id, "Mia Chen", "", [Role.Admin])));
        using var damage = _console.DamageRoles();

        Assert.True(await IsOpenAsync(window, Duty.ManageKeys));
        Assert.False(await IsOpenAsync(window, Duty.ViewAsUsers));
        Assert.Empty(_log.All);
    }

    [Fact]
    public async Task Roles_that_can_not_be_read_are_roles_nobody_has()
    {
        using (_console.DamageRoles())
        {
            Assert.False(await IsOpenAsync(Claims(Agent), Duty.FindUsers));
            Assert.StartsWith("Error SupportConsole.Access.DutyHandler 1003: FindUsers couldn't be decided", Assert.Single(_log.All), StringComparison.Ordinal);
        }

        Assert.True(await IsOpenAsync(Claims(Agent), Duty.FindUsers));
    }

    private async Task<bool> IsOpenAsync(ClaimsPrincipal principal, Duty duty)
    {
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(_log));
        var context = new AuthorizationHandlerContext([new DutyRequirement(duty)], principal, resource: null);
        await new DutyHandler(_console.Get<StandingStaff>(), logging.CreateLogger<DutyHandler>()).HandleAsync(context);
        return context.HasSucceeded;
    }

    private static ClaimsPrincipal Claims(string person)
    {
        var staff = Person(person);
        return StaffClaims.Principal(staff.Id, staff.Name, staff.Email, SignInOf(person), "Test");
    }
}
