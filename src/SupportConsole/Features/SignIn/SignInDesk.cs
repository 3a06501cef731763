using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Roles;
using SupportConsole.Storage;

namespace SupportConsole.Features.SignIn;

/// <summary>Begins and ends sign-ins. Each is a row, so that a copied cookie is worth nothing after the sign-out.</summary>
internal sealed partial class SignInDesk(
    AuditTrail trail, ConsoleWriter writer, RoleBook roles, ConsoleDb database, StaffChangeFeed feed, IOptions<SignInOptions> options, TimeProvider clock, ILogger<SignInDesk> logger)
    : ISignIns
{
    // What a person does is noted at most this often: the idle limit is counted in minutes, and a write costs a flush of the disk.
    public static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    /// <summary>Records the sign-in with the person's current name and returns its id. Nobody is signed in unless that is durable.</summary>
    /// <exception cref="NotWrittenException">It can't be recorded.</exception>
    public async Task<string> BeginAsync(ProvenPerson person, string? clientAddress, CancellationToken cancellationToken)
    {
        var signIn = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var now = clock.GetUtcNow();
        var held = (await roles.FindAsync(person.Id, cancellationToken))?.Roles ?? [];
        await trail.AppendAsync(
            new AuditEvent(AuditEventTypes.SignedIn, now, new AuditActor(person.Id, person.Name, held)) { ClientAddress = clientAddress },
            connection =>
            {
                RoleTable.NotePerson(connection, person.Id, person.Name, person.Email, now, signsIn: true);
                SignInTable.Insert(connection, signIn, person.Id, person.ProvenAt, now);
            });
        return signIn;
    }

    /// <summary>Takes a fresh proof of identity for a sign-in that stands. It goes on as it was, and still ends when it would have.</summary>
    /// <exception cref="SignInRefusedException">The proof is another person's, or the sign-in is over; not recorded here.</exception>
    /// <exception cref="NotWrittenException">It can't be recorded.</exception>
    public async Task ConfirmAsync(ProvenPerson person, string signIn, string? clientAddress, CancellationToken cancellationToken)
    {
        if (await roles.FindAsync(person.Id, cancellationToken) is not { } member)
        {
            throw new SignInRefusedException(SignInFailure.OtherPerson, person);
        }

        var now = clock.GetUtcNow();
        await trail.AppendAsync(new ActingStaff(member, clientAddress).Begin(AuditEventTypes.Reauthenticated, now), connection =>
        {
            if (SignInTable.Find(connection, signIn, LimitsAt(now)) is not { } standing)
            {
                throw new SignInRefusedException(SignInFailure.SignInOver, person);
            }

            if (standing.Staff != person.Id)
            {
                throw new SignInRefusedException(SignInFailure.OtherPerson, person);
            }

            SignInTable.Prove(connection, signIn, person.ProvenAt, now);
        });
    }

    /// <summary>
    /// Ends the sign-in in every window that came from it. Windows and sessions end even when it can't be recorded: false then,
    /// and a copy of the cookie is good until it grows too old.
    /// </summary>
    /// <param name="staff">Whose.</param>
    /// <param name="signIn">Which.</param>
    /// <param name="why">What the entry says beside it; null where the person signed out.</param>
    public async Task<bool> TryEndAsync(ActingStaff staff, string signIn, string? why = null)
    {
        try
        {
            await RecordEndAsync(staff.Begin(AuditEventTypes.SignedOut, clock.GetUtcNow()) with { Detail = why }, signIn);
            return true;
        }
        catch (NotWrittenException)
        {
            return false;
        }
        finally
        {
            await feed.PublishAsync(new StaffChange(staff.Member.Id, signIn));
        }
    }

    /// <summary>
    /// Ends the sign-in whose cookie a new one takes the place of: nobody could sign it out any more, and a page of it would go on
    /// in a browser that is another's. To be called once the new one is sure.
    /// </summary>
    /// <param name="before">Whom the browser's cookie named until now; anybody.</param>
    /// <param name="signIn">The new sign-in, or the confirmed one, which replaces nothing.</param>
    /// <param name="clientAddress">Where the browser is.</param>
    public async Task EndReplacedAsync(ClaimsPrincipal? before, string? signIn, string? clientAddress)
    {
        if (before is not null && StaffClaims.IdOf(before) is { } id && StaffClaims.SignInOf(before) is { } replaced && replaced != signIn)
        {
            var member = await roles.FindAsync(id, CancellationToken.None) ?? new StaffMember(id, id.Value, "", []);
            await TryEndAsync(new ActingStaff(member, clientAddress), replaced, "replaced by a new sign-in in the same browser");
        }
    }

    /// <summary>Ends what has grown too old or idle, in every window that came from it. Such a sign-in opened nothing any more already.</summary>
    /// <exception cref="NotWrittenException">It can't be recorded; windows were told all the same.</exception>
    public async Task EndOverdueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var (id, staff, tooOld) in await database.ReadAsync(connection => SignInTable.Overdue(connection, LimitsAt(now)), cancellationToken))
        {
            await feed.PublishAsync(new StaffChange(staff, id));
            var member = await roles.FindAsync(staff, cancellationToken) ?? new StaffMember(staff, staff.Value, "", []);
            await RecordEndAsync(
                new ActingStaff(member, ClientAddress: null).Begin(AuditEventTypes.SignedOut, now) with
                {
                    Detail = tooOld ? $"{options.Value.MaximumHours} hours after the sign-in" : $"idle for {options.Value.IdleMinutes} minutes",
                },
                id);
        }
    }

    /// <summary>Notes that a person did something in a window, which is what the idle limit counts from. Revives nothing.</summary>
    public async Task SeenAsync(string signIn)
    {
        var now = clock.GetUtcNow();
        try
        {
            if (!database.Read(connection => SignInTable.WasSeenAfter(connection, signIn, now - SeenStep), CancellationToken.None))
            {
                await writer.WriteAsync(connection => SignInTable.See(connection, signIn, LimitsAt(now), now));
            }
        }
        catch (Exception failure) when (failure is NotWrittenException or DatabaseUnreadableException)
        {
            // It counts as idle a little longer than it was: the safe side, and no reason to fail what the person is doing.
            LogSeenNotNoted(failure);
        }
    }

    /// <summary>Records a sign-in or a confirmation that didn't work. False when that can't be recorded either.</summary>
    public async Task<bool> TryRecordFailureAsync(SignInFailure failure, ProvenPerson? person, string? clientAddress)
    {
        try
        {
            var actor = person is null ? new AuditActor(new StaffId("unknown"), "Unknown", []) : new AuditActor(person.Id, person.Name, []);
            await trail.AppendAsync(new AuditEvent(AuditEventTypes.SignInFailed, clock.GetUtcNow(), actor)
            {
                Outcome = person is null ? AuditOutcome.Failed : AuditOutcome.Denied,
                Detail = SignInFailures.CodeOf(failure),
                ClientAddress = clientAddress,
            });
            return true;
        }
        catch (NotWrittenException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public Task<StandingSignIn?> FindAsync(StaffId staff, string signIn, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return Task.FromResult(
            database.Read(connection => SignInTable.Find(connection, signIn, LimitsAt(now)), cancellationToken) is { } standing && standing.Staff == staff
                ? new StandingSignIn(standing.ProvenAt > now - options.Value.ProofLifetime)
                : null);
    }

    private Task<AuditEntry> RecordEndAsync(AuditEvent ended, string signIn) =>
        trail.AppendAsync(ended, connection => SignInTable.End(connection, signIn, ended.At));

    private SignInLimits LimitsAt(DateTimeOffset now) => new(now - options.Value.MaximumAge, now - options.Value.IdleLimit);

    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "When a person was last seen couldn't be noted")]
    private partial void LogSeenNotNoted(Exception failure);
}
