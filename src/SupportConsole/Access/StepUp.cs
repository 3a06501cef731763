using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Server.ProtectedBrowserStorage;

namespace SupportConsole.Access;

/// <summary>
/// Sends a person to prove anew who they are, and brings back what they had typed. It waits in the tab's own session storage,
/// encrypted with the console's keys, for this person and for one return: never in an address, where proxies would log it.
/// </summary>
public sealed class StepUp(ProtectedSessionStorage storage, NavigationManager navigation, CurrentStaff staff, TimeProvider clock)
{
    // Longer than anybody needs to find their second factor, shorter than a reason stays true.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    /// <summary>Does what needs a recent proof; where there is none, keeps the form and leaves to get one.</summary>
    /// <typeparam name="T">The form's fields, as a record.</typeparam>
    /// <param name="form">What was typed.</param>
    /// <param name="returnTo">An address of this site, relative to its base.</param>
    /// <param name="act">The act; it asks for the proof itself, before it does anything.</param>
    /// <param name="beforeLeaving">What has to be done before the person leaves; null for nothing.</param>
    /// <param name="cancellationToken">Ends with the window.</param>
    public async Task DoAsync<T>(T form, string returnTo, Func<Task> act, Func<Task>? beforeLeaving, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(act);
        try
        {
            await staff.AskingForProofAsync(act);
        }
        catch (ProofTooOldException)
        {
            await (beforeLeaving?.Invoke() ?? Task.CompletedTask);
            await AskAsync(form, returnTo, cancellationToken);
        }
    }

    /// <summary>Keeps the form and leaves for the provider. The page at <paramref name="returnTo"/> takes the form up again.</summary>
    /// <typeparam name="T">The form's fields, as a record.</typeparam>
    /// <param name="form">What was typed.</param>
    /// <param name="returnTo">An address of this site, relative to its base.</param>
    /// <param name="cancellationToken">Ends with the window.</param>
    private async Task AskAsync<T>(T form, string returnTo, CancellationToken cancellationToken)
    {
        var person = await staff.FindAsync(cancellationToken) ?? throw new SignInOverException();
        await storage.SetAsync(KeyOf<T>(), new KeptForm<T>(person.Member.Id.Value, clock.GetUtcNow(), form));
        var there = navigation.ToAbsoluteUri(returnTo).PathAndQuery;
        navigation.NavigateTo($"signin/confirm?returnUrl={Uri.EscapeDataString(there)}", forceLoad: true);
    }

    /// <summary>What this person had typed before leaving; default when there is nothing, or it is somebody else's or too old.</summary>
    /// <typeparam name="T">The form's fields, as a record.</typeparam>
    public async Task<T?> TakeAsync<T>(CancellationToken cancellationToken)
        where T : class
    {
        if (await staff.FindAsync(cancellationToken) is not { } person)
        {
            return null;
        }

        try
        {
            var found = await storage.GetAsync<KeptForm<T>>(KeyOf<T>());
            return found is { Success: true, Value: { } kept } && kept.Staff == person.Member.Id.Value && clock.GetUtcNow() - kept.At < Kept
                ? kept.Form
                : null;
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or System.Text.Json.JsonException)
        {
            return null; // Kept under keys that are gone, or not written by the console: the form starts empty.
        }
        finally
        {
            await storage.DeleteAsync(KeyOf<T>());
        }
    }

    private static string KeyOf<T>() => $"kept:{typeof(T).Name}";

    private sealed record KeptForm<T>(string Staff, DateTimeOffset At, T Form);
}
