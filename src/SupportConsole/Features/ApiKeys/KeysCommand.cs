using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.Storage;

namespace SupportConsole.Features.ApiKeys;

/// <summary>
/// <c>keys list|create|rotate|revoke</c> for scripts on the server's own machine: the same operations, rules and entries as in a
/// window. What is said goes to the standard output as JSON; a token goes to a terminal or into a file of its own, nowhere else.
/// </summary>
internal sealed class KeysCommand(KeyInventory inventory, KeyMaker maker, KeyRevoker revoker, KeyKeeper keeper, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // For a terminal, not for a page: names are readable as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private KeyMaker Maker { get; } = maker;

    /// <summary>The command with its subcommands.</summary>
    /// <param name="run">Composes the console, signs the person in whose id is given, and runs.</param>
    public static Command Describe(Func<string, Func<KeysCommand, CurrentStaff, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var actor = new Option<string>("--as") { Description = "Who acts: a staff id, as the page of staff and the audit trail write it. They must hold the duty.", Required = true, Recursive = true };
        var command = new Command("keys", "API keys, from the server's own machine. Every act is recorded, with the account it was run from.") { actor };

        var state = new Option<KeyState?>("--state") { Description = "Only keys in this state." };
        var list = new Command("list", "Lists every key.") { state };
        list.SetAction((parsed, cancellation) => run(
            parsed.GetRequiredValue(actor), (keys, who, token) => keys.ListAsync(who, parsed.GetValue(state), token), cancellation));

        var name = new Option<string>("--name") { Description = "What will use it.", Required = true };
        var purpose = new Option<string>("--purpose") { Description = "What for, in 10 letters or digits or more.", Required = true };
        var owner = new Option<string>("--owner") { Description = "The staff id of who answers for it. Default: who acts." };
        var kind = new Option<KeyKind>("--kind") { Description = "What uses it.", DefaultValueFactory = _ => KeyKind.Service };
        var days = new Option<int?>("--days") { Description = "How many days it lives." };
        var until = new Option<string>("--until") { Description = "Its last day, as 2027-12-31, UTC." };
        var file = new Option<string>("--out") { Description = "A new file for the key, made readable to its owner alone. Without it the key is shown on the terminal, once." };
        var create = new Command("create", "Makes a key.") { name, purpose, owner, kind, days, until, file };
        create.SetAction((parsed, cancellation) => run(
            parsed.GetRequiredValue(actor),
            (keys, who, token) => keys.IssueAsync(
                who, parsed.GetValue(file), Life(parsed.GetValue(days), parsed.GetValue(until)),
                life => keys.Maker.MakeAsync(
                    who,
                    new KeyWish(parsed.GetRequiredValue(name), parsed.GetRequiredValue(purpose), parsed.GetValue(owner) ?? parsed.GetRequiredValue(actor), parsed.GetValue(kind), life),
                    token)),
            cancellation));

        var key = new Argument<string>("id") { Description = "The key's id, as list shows it." };
        var overlap = new Option<int>("--overlap-hours") { Description = "How long the old key goes on: 0, 1, 24, 168 or 720.", DefaultValueFactory = _ => 24 };
        overlap.Validators.Add(found =>
        {
            if (!KeyPolicy.Overlaps.Any(each => each.TotalHours == found.GetValueOrDefault<int>()))
            {
                found.AddError("The overlap isn't one of those on offer: 0, 1, 24, 168 or 720 hours.");
            }
        });
        var rotate = new Command("rotate", "Makes a successor; the old key is revoked by the console when the overlap is over.") { key, overlap, days, until, file };
        rotate.SetAction((parsed, cancellation) => run(
            parsed.GetRequiredValue(actor),
            (keys, who, token) => keys.IssueAsync(
                who, parsed.GetValue(file), Life(parsed.GetValue(days), parsed.GetValue(until)),
                life => keys.Maker.RotateAsync(who, parsed.GetRequiredValue(key), TimeSpan.FromHours(parsed.GetValue(overlap)), life, token)),
            cancellation));

        var reason = new Option<string>("--reason") { Description = "Why, in 10 letters or digits or more.", Required = true };
        var revoke = new Command("revoke", "Ends a key at once and proves it.") { key, reason };
        revoke.SetAction((parsed, cancellation) => run(
            parsed.GetRequiredValue(actor),
            (keys, who, token) => keys.RevokeAsync(who, parsed.GetRequiredValue(key), parsed.GetRequiredValue(reason), token), cancellation));

        foreach (var each in (Command[])[list, create, rotate, revoke])
        {
            command.Subcommands.Add(each);
        }

        return command;
    }

    /// <summary>Brings to an end what a stop left in between, then does what is asked and says in the exit code how it went.</summary>
    public async Task<int> RunAsync(Func<KeysCommand, CancellationToken, Task<int>> act, CancellationToken cancellationToken)
    {
        try
        {
            await keeper.KeepAsync(includeWaiting: false, cancellationToken);
            return await act(this, cancellationToken);
        }
        catch (ExplainedException failure)
        {
            var code = CodeOf(failure);
            await FailAsync(code, failure.Message);
            return (int)code;
        }
    }

    /// <summary>Says on the standard error, as JSON, why nothing more is done.</summary>
    public static Task FailAsync(CommandExit code, string message) =>
        Console.Error.WriteLineAsync(JsonSerializer.Serialize(new { error = message, exitCode = (int)code, kind = code.ToString() }, Json));

    private async Task<int> ListAsync(CurrentStaff who, KeyState? state, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var list = await inventory.ListAsync(who, cancellationToken);
        Say(list.Lines.Where(line => state is null || line.StateAt(now) == state).Select(line => Shape(line.Key, line.StateAt(now), line.Owner)));
        if (list.Unreachable is { } unreachable)
        {
            await FailAsync(CommandExit.Unavailable, unreachable);
            return (int)CommandExit.Unavailable;
        }

        return (int)CommandExit.Done;
    }

    /// <summary>Makes the place for the token first: a key that nobody can be given must not be made.</summary>
    private async Task<int> IssueAsync(CurrentStaff who, string? file, KeyLife? life, Func<KeyLife, Task<IssuedKey>> issue)
    {
        if (life is null)
        {
            await FailAsync(CommandExit.Usage, "Say how long the key lives: either --days, or --until with a date such as 2027-12-31.");
            return (int)CommandExit.Usage;
        }

        if (file is null && Console.IsOutputRedirected)
        {
            await FailAsync(CommandExit.Usage, "The output isn't a terminal, so the key would end in a log or a pipe. Name a file for it with --out. Nothing was made.");
            return (int)CommandExit.Usage;
        }

        FileStream? place;
        try
        {
            place = file is null ? null : PrivateFile.CreateNew(Path.GetFullPath(file));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await FailAsync(CommandExit.Usage, $"The file {file} can't be made: {fault.Message} Nothing was made.");
            return (int)CommandExit.Usage;
        }

        await using (place)
        {
            IssuedKey issued;
            try
            {
                issued = await issue(life);
            }
            catch
            {
                if (place is not null)
                {
                    File.Delete(place.Name);
                }

                throw;
            }

            using (issued)
            {
                if (place is not null && await WriteAsync(place, issued.Reveal()) is { } fault)
                {
                    File.Delete(place.Name);
                    await revoker.RevokeAsync(who, issued.Key.Id, "The file for it couldn't be written", CancellationToken.None);
                    await FailAsync(CommandExit.Unavailable, $"The file {file} can't be written: {fault} The new key was revoked, because nobody could have been given it.");
                    return (int)CommandExit.Unavailable;
                }

                Say(Shape(issued.Key, KeyStates.Of(issued.Key, AccountPresence.There, clock.GetUtcNow()), null) with { KeyFile = place?.Name, Warning = issued.Warning });
                if (place is null)
                {
                    Console.WriteLine($"Key (shown once): {issued.Reveal()}");
                }

                return (int)(issued.Warning is null ? CommandExit.Done : CommandExit.NotProved);
            }
        }
    }

    /// <summary>Why the token couldn't be written; null when it is on the disk.</summary>
    private static async Task<string?> WriteAsync(FileStream place, string token)
    {
        try
        {
            await place.WriteAsync(System.Text.Encoding.ASCII.GetBytes(token));
            place.Flush(flushToDisk: true);
            return null;
        }
        catch (IOException fault)
        {
            return fault.Message;
        }
    }

    private async Task<int> RevokeAsync(CurrentStaff who, string id, string reason, CancellationToken cancellationToken)
    {
        var revoked = await revoker.RevokeAsync(who, id, reason, cancellationToken);
        Say(Shape(revoked, KeyState.Revoked, null));
        return (int)CommandExit.Done;
    }

    private static KeyLife? Life(int? days, string? until) => (days, until) switch
    {
        ({ } number, null) => new KeyLife(number),
        (null, { } text) when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => new KeyLife(0, day),
        _ => null,
    };

    /// <summary>The exit code that a failure ends with.</summary>
    public static CommandExit CodeOf(ExplainedException failure) => failure switch
    {
        KeyNotProvedException => CommandExit.NotProved,
        KeyRefusedException or DutyRefusedException or ProofTooOldException or SignInOverException => CommandExit.Refused,
        _ => CommandExit.Unavailable,
    };

    private static void Say(object said) => Console.WriteLine(JsonSerializer.Serialize(said, Json));

    private static Line Shape(ApiKey key, KeyState state, KeyOwner? owner) => new(
        key.Id, key.Name, key.Purpose, key.Owner.Value, owner?.HoldsRole, key.Kind.ToString(), key.Fingerprint, state.ToString().ToLowerInvariant(), key.IsForeign,
        key.CreatedByName, key.CreatedAt, key.ExpiresAt, key.Replaces, key.RevokeAt, key.Revocation?.ByName, key.Revocation?.At, key.Revocation?.Reason, key.Revocation?.Proof);

    private sealed record Line(
        string Id, string Name, string Purpose, string Owner, bool? OwnerHoldsRole, string Kind, string? Fingerprint, string State, bool MadeOutside,
        string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string? Replaces, DateTimeOffset? RevokedByConsoleAt,
        string? RevokedBy, DateTimeOffset? RevokedAt, string? RevokeReason, string? Proof)
    {
        public string? KeyFile { get; init; }

        public string? Warning { get; init; }
    }
}
