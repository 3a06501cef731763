using System.CommandLine;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Staff;
using SupportConsole.Demo;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.SignIn;
using SupportConsole.Storage;

namespace SupportConsole.Hosting;

/// <summary>
/// Commands for the server's own machine, instead of the site. Whoever may read the console's settings and database is let in as the
/// person they name; the trail says from which account.
/// </summary>
internal static class CommandLine
{
    /// <summary>Whether the arguments are a command and not settings of the site.</summary>
    public static bool IsCommand(string[] args) => args is ["keys" or "audit", ..];

    /// <summary>Runs a command. The exit code is one of <see cref="CommandExit"/>.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="build">Composes the console as the site is composed.</param>
    public static async Task<int> RunAsync(string[] args, Func<WebApplication> build)
    {
        var root = new RootCommand("Support Console. Without a command it serves the site.")
        {
            KeysCommand.Describe((actor, act, cancellation) => RunAsync(
                build, (services, token) => AsAsync<KeysCommand>(services, new StaffId(actor), (keys, who, each) => keys.RunAsync((own, last) => act(own, who, last), each), token), cancellation)),
            AuditCommand.Describe(
                (act, cancellation) => RunAsync(build, (services, token) => act(services.GetRequiredService<AuditCommand>(), token), cancellation),
                (actor, act, cancellation) => RunAsync(build, (services, token) => AsAsync(services, new StaffId(actor), act, token), cancellation)),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors is [_, ..] errors)
        {
            await KeysCommand.FailAsync(CommandExit.Usage, $"{string.Join(' ', errors.Select(error => error.Message))} Add --help to see what there is.");
            return (int)CommandExit.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (ExplainedException failure)
        {
            await KeysCommand.FailAsync(KeysCommand.CodeOf(failure), failure is PlacedException placed ? placed.ForCommand : failure.Message);
            return (int)KeysCommand.CodeOf(failure);
        }
        catch (OperationCanceledException)
        {
            await KeysCommand.FailAsync(CommandExit.Interrupted, "Interrupted. What was unfinished is brought to its end by the console, or by the next command.");
            return (int)CommandExit.Interrupted;
        }
    }

    private static async Task<int> RunAsync(
        Func<WebApplication> build, Func<IServiceProvider, CancellationToken, Task<int>> act, CancellationToken cancellationToken)
    {
        await using var app = build();
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        // Of what a site starts, only what a command stands on; the watches are the running console's.
        var demo = app.Services.GetService<DemoBackend>();
        await (demo?.StartAsync(cancellationToken) ?? Task.CompletedTask);
        try
        {
            await app.Services.GetRequiredService<ConsoleWriter>().StartAsync(cancellationToken);
            return await act(app.Services, cancellationToken);
        }
        finally
        {
            await (demo?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
        }
    }

    /// <summary>Signs the person in for the length of the command, with an entry at either end as for a window.</summary>
    private static async Task<int> AsAsync<TCommand>(
        IServiceProvider services, StaffId actor, Func<TCommand, CurrentStaff, CancellationToken, Task<int>> act, CancellationToken cancellationToken)
        where TCommand : notnull
    {
        await using var scope = services.CreateAsyncScope();
        var window = scope.ServiceProvider;
        if (await window.GetRequiredService<IStaffRights>().FindAsync(actor, cancellationToken) is not { } member)
        {
            await KeysCommand.FailAsync(CommandExit.Refused, $"Nobody with the id {actor} has ever signed in. Take an id from the page of staff or the audit trail.");
            return (int)CommandExit.Refused;
        }

        var desk = window.GetRequiredService<SignInDesk>();
        var address = $"command line, account {Environment.UserName}";
        var proven = new ProvenPerson(member.Id, member.Name, member.Email, window.GetRequiredService<TimeProvider>().GetUtcNow());
        var signIn = await desk.BeginAsync(proven, address, cancellationToken);
        try
        {
            window.GetRequiredService<StaffPrincipal>().Is(StaffClaims.Principal(member.Id, member.Name, member.Email, signIn, nameof(CommandLine)), address);
            var who = window.GetRequiredService<CurrentStaff>();
            return await act(window.GetRequiredService<TCommand>(), who, cancellationToken);
        }
        finally
        {
            await desk.TryEndAsync(new ActingStaff(member, address), signIn);
        }
    }
}
