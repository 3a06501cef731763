using System.Collections.Concurrent;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Has PocketBase refuse the tokens of sessions that are over, where its companion hook marked them; and again, as long as one lives, where it
/// couldn't be told of the end, also when the console was stopped or killed meanwhile.
/// </summary>
internal sealed partial class EndedTokens(CompanionHook companion, ConsoleDb db, ConsoleWriter writer, AuditTrail trail, AuditReader reader, TimeProvider clock, ILogger<EndedTokens> logger)
{
    /// <summary>What the entry of an end says of its token.</summary>
    public const string Refused = "PocketBase refuses the token too", NotConfirmed = "not confirmed by PocketBase";

    // A token ends by PocketBase's clock, which may be that far behind.
    private static readonly TimeSpan s_clockDifference = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, CompanionMark> _unconfirmed = new(StringComparer.Ordinal);

    /// <summary>Keeps what a token is called, before it is used: from then on its end can be told after any stop.</summary>
    /// <exception cref="NotWrittenException">It can't be kept.</exception>
    public async Task KeepAsync(ImpersonatedClient client)
    {
        if (client.Mark is { } mark)
        {
            await writer.WriteAsync(connection => TokenTable.Add(connection, mark, trail.Instance));
        }
    }

    /// <summary>Has PocketBase refuse a token that is dropped here already: a moment at most, whatever PocketBase does.</summary>
    /// <returns>Whether PocketBase confirmed it; null where there is no hook to ask.</returns>
    public async Task<bool?> RefuseAsync(ImpersonatedClient client, Caller caller)
    {
        if (client.Mark is not { } mark)
        {
            return null;
        }

        return await companion.TryEndAsync(caller, mark);
    }

    /// <summary>
    /// Sees to a token of whose end PocketBase was told, once that is recorded: it is forgotten, or PocketBase is told again. One that can't
    /// be forgotten is told of once more by the next start, which changes nothing.
    /// </summary>
    /// <param name="client">What held the token.</param>
    /// <param name="refused">What <see cref="RefuseAsync"/> said.</param>
    public async Task SettleAsync(ImpersonatedClient client, bool? refused)
    {
        if (client.Mark is not { } mark)
        {
            return;
        }

        if (refused != true)
        {
            _unconfirmed[mark.TokenId] = mark;
            return;
        }

        try
        {
            await writer.WriteAsync(connection => TokenTable.Remove(connection, mark));
        }
        catch (NotWrittenException)
        {
            // The writer has logged why.
        }
    }

    /// <summary>Takes up what earlier runs have left.</summary>
    /// <exception cref="DatabaseUnreadableException">The database doesn't answer.</exception>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        foreach (var mark in await db.ReadAsync(connection => TokenTable.OfOthers(connection, trail.Instance), cancellationToken))
        {
            _unconfirmed[mark.TokenId] = mark;
            LogLeft(logger, mark.Session, mark.ExpiresAt);
        }
    }

    /// <summary>Tells PocketBase again of the ends that it hasn't confirmed.</summary>
    /// <returns>Whether none is left.</returns>
    /// <exception cref="NotWrittenException">What it confirmed can't be recorded; it is asked again.</exception>
    public async Task<bool> TryAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var mark in _unconfirmed.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isOver = clock.GetUtcNow() >= mark.ExpiresAt + s_clockDifference;
            if (isOver || await companion.TryEndAgainAsync(new Caller(mark.Actor, mark.Session), mark))
            {
                var confirmed = isOver ? null : await ConfirmationAsync(mark, cancellationToken);
                await trail.AppendAsync(connection =>
                {
                    TokenTable.Remove(connection, mark);
                    return confirmed is null ? [] : [confirmed];
                });
                _unconfirmed.TryRemove(mark.TokenId, out _);
                if (isOver)
                {
                    LogNeverConfirmed(logger, mark.Session);
                }
            }
        }

        return _unconfirmed.IsEmpty;
    }

    /// <summary>The event that says so; null where nobody could look at it, as the session never opened, or its end has said it.</summary>
    private async Task<AuditEvent?> ConfirmationAsync(CompanionMark mark, CancellationToken cancellationToken)
    {
        var (opened, ended) = await reader.SessionBoundsAsync(mark.Session, cancellationToken);
        return (ended ?? opened) is { IsDamaged: false, Event: var of } && of.Detail?.EndsWith(Refused, StringComparison.Ordinal) != true
            ? of with
            {
                Type = AuditEventTypes.SessionTokenRefused,
                At = clock.GetUtcNow(),
                Actor = AuditActor.System,
                ClientAddress = null,
                Detail = opened is { IsDamaged: false } ? SessionEnds.WhoseWords(opened.Event.Actor) : null,
            }
            : null;
    }

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "An earlier run of the console has left the token of session {Session}; PocketBase is told to refuse it until it confirms that, or the token ends by itself at {ExpiresAt:u}")]
    private static partial void LogLeft(ILogger logger, string session, DateTimeOffset expiresAt);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Warning, Message = "The token of session {Session} has ended by itself; PocketBase never confirmed that it refused it before")]
    private static partial void LogNeverConfirmed(ILogger logger, string session);
}
