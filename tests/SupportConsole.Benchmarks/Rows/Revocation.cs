using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Core;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.Users;
using SupportConsole.Hosting;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// How long an open window outlives a right: from the commit of the entry that ends it until the browser has the locked page, while
/// the person does nothing but search. Held against an empty event's way through the same circuit.
/// </summary>
internal sealed class Revocation : Row
{
    private const int Rounds = 50;
    private const string Agent = "mia-chen", Manager = "ruth-okafor", Reason = "Measuring a revocation";

    private readonly ConcurrentQueue<Call> _calls = new();
    private long _committed;

    public override string Name => "revocation";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using var app = await AppServer.StartAsync();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));
        var builder = ConsoleStage.Compose(address.ToString(), Places.Fresh(), app.Url);
        await using var console = builder.Build();
        console.MapConsole();
        await console.StartAsync();

        // The first listener hears of the change before any window does, right after its entry is durable.
        using var heard = console.Services.GetRequiredService<StaffChangeFeed>().Subscribe(_ =>
        {
            Volatile.Write(ref _committed, Stopwatch.GetTimestamp());
            return Task.CompletedTask;
        });
        foreach (var line in await RevokeAsync(console.Services, address))
        {
            yield return line;
        }

        foreach (var line in await SignOutAsync(console.Services, address))
        {
            yield return line;
        }

        await console.StopAsync();
    }

    private async Task<Line[]> RevokeAsync(IServiceProvider services, Uri address)
    {
        var roles = services.GetRequiredService<RoleBook>();
        var mia = new StaffId($"demo/{Agent}");
        using var browser = await RawBrowser.SignInAsync(address, Agent);
        await using var window = await RawCircuit.OpenAsync(browser, "/users");
        await using var office = services.CreateAsyncScope();
        var ruth = DemoPeople.All.Single(known => known.Key == Manager);
        await ConsoleStage.SignInAsync(office.ServiceProvider, ruth.Id, ruth.Name, ruth.Email);
        var manager = office.ServiceProvider.GetRequiredService<CurrentStaff>();
        var results = new Results();
        for (var round = 0; round < Rounds; round++)
        {
            await window.SeesAsync("Find a user");
            await MeasureRoundAsync(
                services, browser, window, results, "This page is locked for you",
                () => roles.RevokeAsync(manager, mia, Role.Agent, Reason, CancellationToken.None));
            window.Forget();
            await roles.GrantAsync(manager, mia, Role.Agent, Reason, until: null, CancellationToken.None);
        }

        return results.Lines("revoke");
    }

    private async Task<Line[]> SignOutAsync(IServiceProvider services, Uri address)
    {
        var results = new Results();
        for (var round = 0; round < Rounds; round++)
        {
            using var browser = await RawBrowser.SignInAsync(address, Agent);
            await using var window = await RawCircuit.OpenAsync(browser, "/users");
            await window.SeesAsync("Find a user");
            await MeasureRoundAsync(services, browser, window, results, "You are signed out", browser.SignOutAsync);
        }

        return results.Lines("sign-out");
    }

    private async Task MeasureRoundAsync(
        IServiceProvider services, RawBrowser browser, RawCircuit window, Results results, string locked, Func<Task> end)
    {
        // The floor under the same load as the subject.
        _calls.Clear();
        using var enough = new CancellationTokenSource();
        var searching = Task.Run(() => SearchAsync(services.GetRequiredService<UserDirectory>(), WindowOf(services, browser), enough.Token));
        await UntilAsync(() => _calls.Any(call => call.Succeeded));
        await results.Floor.TakeAsync(window.RoundTripAsync);
        window.Forget();

        var seen = window.SeesAsync(locked).ContinueWith(_ => Stopwatch.GetTimestamp(), TaskScheduler.Default);
        await end();
        var committed = Volatile.Read(ref _committed);
        results.Subject.Add(Stopwatch.GetElapsedTime(committed, await seen));
        await UntilAsync(() => _calls.Count(call => call.Begun > committed) >= 20);
        await enough.CancelAsync();
        await searching;
        foreach (var call in _calls.Where(call => call.Begun > committed))
        {
            results.Add(call.Succeeded, Stopwatch.GetElapsedTime(committed, call.Begun));
        }
    }

    private async Task SearchAsync(UserDirectory directory, CurrentStaff staff, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                await directory.SearchAsync(staff, "users", UserQuery.Parse("ada"), "ada", 1, CancellationToken.None);
                _calls.Enqueue(new Call(begun, Succeeded: true));
            }
            catch (ExplainedException)
            {
                _calls.Enqueue(new Call(begun, Succeeded: false));
            }
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    /// <summary>Another window of the same sign-in, without a page.</summary>
    private static CurrentStaff WindowOf(IServiceProvider services, RawBrowser browser)
    {
        var options = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        var cookie = browser.Cookies.GetCookies(browser.Root)[options.Cookie.Name!]!.Value;
        var window = services.CreateScope().ServiceProvider;
        ((IHostEnvironmentAuthenticationStateProvider)window.GetRequiredService<AuthenticationStateProvider>())
            .SetAuthenticationState(Task.FromResult(new AuthenticationState(options.TicketDataFormat.Unprotect(cookie)!.Principal)));
        return window.GetRequiredService<CurrentStaff>();
    }

    private readonly record struct Call(long Begun, bool Succeeded);

    private sealed class Results
    {
        private int _all, _late;
        private TimeSpan _latest;

        public Samples Subject { get; } = new();

        public Samples Floor { get; } = new();

        public void Add(bool succeeded, TimeSpan after)
        {
            _all++;
            if (succeeded)
            {
                _late++;
                _latest = after > _latest ? after : _latest;
            }
        }

        public Line[] Lines(string what) =>
        [
            Line.Of($"{what}: from the commit to the locked page in an open window, against an empty event", Subject, Floor, 5),
            new Line(
                $"{what}: searches begun after the commit that succeeded", _late.ToString(CultureInfo.InvariantCulture), "0",
                string.Create(CultureInfo.InvariantCulture, $"of {_all:N0}{(_late == 0 ? "" : $", until {_latest.TotalMilliseconds:0.0} ms after it")}"), "= 0", _late == 0),
        ];
    }
}
