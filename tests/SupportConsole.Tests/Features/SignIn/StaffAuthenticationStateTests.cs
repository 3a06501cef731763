using System.Reflection;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging.Abstractions;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Features.SignIn;

namespace SupportConsole.Tests.Features.SignIn;

/// <summary>Who an open window belongs to, and with which roles its policies are decided.</summary>
public sealed class StaffAuthenticationStateTests : IAsyncLifetime
{
    private const string SignIn = "sign-in";
    private static readonly StaffId Mia = new("demo/mia-chen");

    private readonly AuthenticationState _loadedBy = new(StaffClaims.Principal(Mia, "Mia Chen", "mia@corp.example", SignIn, "Test"));
    private readonly Rights _rights = new();
    private readonly StaffChangeFeed _feed = new(NullLogger<StaffChangeFeed>.Instance, TimeProvider.System);
    private readonly StaffAuthenticationState _state;

    public StaffAuthenticationStateTests()
    {
        _state = new StaffAuthenticationState(NullLoggerFactory.Instance, new StandingStaff(_rights, _rights), _rights, _feed);
        _state.SetAuthenticationState(Task.FromResult(_loadedBy));
    }

    public async ValueTask InitializeAsync() => Assert.Equal([Role.Agent], await RolesAsync());

    public ValueTask DisposeAsync()
    {
        ((IDisposable)_state).Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_window_begins_with_the_roles_of_its_person_and_takes_up_what_is_announced()
    {
        _rights.Answer(Role.Admin, Role.Agent);
        Assert.Equal([Role.Agent], await RolesAsync()); // Not asked again until somebody says that something changed.
        await _feed.PublishAsync(new StaffChange(Mia));
        Assert.Equal([Role.Admin, Role.Agent], await RolesAsync());

        await _feed.PublishAsync(new StaffChange(new StaffId("demo/somebody-else")));
        Assert.Equal([Role.Admin, Role.Agent], await RolesAsync());
    }

    [Fact]
    public async Task Of_two_changes_at_once_the_later_one_counts_whichever_answer_comes_last()
    {
        var grant = _rights.Wait();
        var granted = _feed.PublishAsync(new StaffChange(Mia));
        var revoke = _rights.Wait();
        var revoked = _feed.PublishAsync(new StaffChange(Mia));

        revoke.SetResult([]);
        grant.SetResult([Role.Manager]);
        await Task.WhenAll(granted, revoked);

        Assert.Equal([], await RolesAsync());
    }

    [Fact]
    public async Task Nothing_brings_a_window_back_that_became_nobodys()
    {
        var slow = _rights.Wait();
        var granted = _feed.PublishAsync(new StaffChange(Mia));
        await _feed.PublishAsync(new StaffChange(Mia, "another browser's"));
        Assert.True((await _state.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated);

        await _feed.PublishAsync(new StaffChange(Mia, SignIn));
        slow.SetResult([Role.Manager]);
        await granted;

        Assert.False((await _state.GetAuthenticationStateAsync()).User.Identity?.IsAuthenticated);
    }

    [Fact]
    public async Task A_renewal_under_way_is_lost_to_nobody_elses_news()
    {
        var revoke = _rights.Wait();
        var revoked = _feed.PublishAsync(new StaffChange(Mia));
        await _feed.PublishAsync(new StaffChange(new StaffId("demo/somebody-else"), "their sign-in"));
        await _feed.PublishAsync(new StaffChange(Mia, "another browser's"));

        revoke.SetResult([]);
        await revoked;

        Assert.Equal([], await RolesAsync());
    }

    [Fact]
    public async Task A_change_whose_news_was_lost_is_found_by_looking_again()
    {
        _rights.Answer();

        Assert.True(await LookAgainAsync());
        Assert.Equal([], await RolesAsync());

        _rights.SignInStands = false;
        Assert.False(await LookAgainAsync());
        Assert.False((await _state.GetAuthenticationStateAsync()).User.Identity?.IsAuthenticated);
    }

    [Fact]
    public async Task A_window_that_is_still_loading_hears_of_everything()
    {
        using var loading = new StaffAuthenticationState(NullLoggerFactory.Instance, new StandingStaff(_rights, _rights), _rights, _feed);
        loading.SetAuthenticationState(Task.FromResult(_loadedBy));
        var first = _rights.Wait();
        var loaded = loading.GetAuthenticationStateAsync();

        await _feed.PublishAsync(new StaffChange(Mia, SignIn));
        first.SetResult([Role.Manager]);
        await loaded;

        Assert.False((await loading.GetAuthenticationStateAsync()).User.Identity?.IsAuthenticated);
    }

    [Fact]
    public async Task Rights_that_cannot_be_read_leave_the_question_to_the_store()
    {
        var asked = _rights.Wait();
        var told = _feed.PublishAsync(new StaffChange(Mia));
        asked.SetException(new SignInOverException());
        await told;

        Assert.Null(WindowIdentity.Of((await _state.GetAuthenticationStateAsync()).User));
    }

    /// <summary>What the framework does every half minute, with the state that it was told itself.</summary>
    private async Task<bool> LookAgainAsync()
    {
        var look = typeof(StaffAuthenticationState).GetMethod("ValidateAuthenticationStateAsync", BindingFlags.Instance | BindingFlags.NonPublic)!;
        return await (Task<bool>)look.Invoke(_state, [_loadedBy, TestContext.Current.CancellationToken])!;
    }

    private async Task<IEnumerable<Role>> RolesAsync() => WindowIdentity.Of((await _state.GetAuthenticationStateAsync()).User)!.Member.Roles.OrderBy(role => role.ToString(), StringComparer.Ordinal);

    /// <summary>A store that answers when it is told to, which the real one does too fast for this.</summary>
    private sealed class Rights : IStaffRights, ISignIns
    {
        public bool SignInStands { get; set; } = true;

        private Task<IReadOnlyList<Role>> _answer = Task.FromResult<IReadOnlyList<Role>>([Role.Agent]);

        public void Answer(params Role[] roles) => _answer = Task.FromResult<IReadOnlyList<Role>>(roles);

        public TaskCompletionSource<IReadOnlyList<Role>> Wait()
        {
            var waiting = new TaskCompletionSource<IReadOnlyList<Role>>();
            _answer = waiting.Task;
            return waiting;
        }

        public async Task<StaffMember?> FindAsync(StaffId id, CancellationToken cancellationToken) => new(id, "Mia Chen", "mia@corp.example", [.. await _answer]);

        public Task<IReadOnlyList<StaffMember>> AllAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<StandingSignIn?> FindAsync(StaffId staff, string signIn, CancellationToken cancellationToken) =>
            Task.FromResult<StandingSignIn?>(SignInStands ? new StandingSignIn(true) : null);
    }
}
