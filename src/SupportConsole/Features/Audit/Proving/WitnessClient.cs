using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using SupportConsole.Core.Audit.Proofs;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Asks witnesses to cosign checkpoints (C2SP tlog-witness): over HTTP, for a bounded time, reading a bounded amount and believing nothing
/// but signatures. No sentence repeats what a witness answered.
/// </summary>
internal sealed class WitnessClient(TimeProvider clock) : IDisposable
{
    private const int LongestAnswer = 64 * 1024;
    private const string SizeType = "text/x.tlog.size";

    /// <summary>How long an exchange may take.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>By how much a witness's clock may differ from this one: an older cosignature is one that somebody kept, a newer one would look fresh for ever.</summary>
    private static readonly TimeSpan ClockLimit = TimeSpan.FromHours(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Limit,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LongestAnswer,
    };

    /// <summary>Has a checkpoint cosigned.</summary>
    /// <param name="witness">By whom.</param>
    /// <param name="note">The checkpoint with the log's own signatures.</param>
    /// <param name="size">Its size.</param>
    /// <param name="old">The size that the witness cosigned last, as far as is known; where it is wrong, it says the right one and is asked once more.</param>
    /// <param name="prove">The proof that the log has grown from a size to that of the checkpoint.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The cosignature, which holds, and when it was made.</returns>
    /// <exception cref="WitnessException">It didn't, or contradicts the log.</exception>
    public async Task<(NoteSignature Cosignature, DateTimeOffset At)> CosignAsync(
        Witness witness, SignedNote note, long size, long old, Func<long, ImmutableArray<TreeHash>> prove, CancellationToken cancellation)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var (status, body, said) = await SendAsync(witness, new WitnessRequest(old, prove(old), note), cancellation);
            switch (status)
            {
                case HttpStatusCode.OK:
                    return CosignatureIn(body, witness, note);
                case HttpStatusCode.Conflict when said > size:
                    throw new WitnessException(
                        $"{witness.Key.Name} has cosigned {Number(said.Value)} events, and the newest checkpoint of this log is over {Number(size)}: this database is older than the one it saw, or another.",
                        isAlarm: true);
                case HttpStatusCode.Conflict when old == size && (said is null || said == size):
                case HttpStatusCode.UnprocessableEntity when old > 0:
                    throw new WitnessException(
                        $"{witness.Key.Name} has cosigned {Number(old)} events, and the first {Number(old)} of this log are others: this database is another than the one it saw, or was changed.",
                        isAlarm: true);
                case HttpStatusCode.Conflict when isFirst && said is { } cosigned && cosigned != old:
                    old = cosigned;
                    break;
                default:
                    throw Refused(witness, status);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, string Body, long? Size)> SendAsync(Witness witness, WitnessRequest request, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var content = new StringContent(request.ToString(), Encoding.UTF8, "text/plain");
            using var response = await _http.PostAsync(witness.Address, content, either.Token);
            var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(either.Token));
            return (response.StatusCode, body, response.Content.Headers.ContentType?.MediaType == SizeType ? SizeIn(body) : null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new WitnessException($"{witness.Key.Name} didn't answer within {Limit.TotalSeconds:0} seconds at {witness.Place}.");
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new WitnessException($"{witness.Key.Name} answered with more than {LongestAnswer / 1024} kB at {witness.Place}: that is no cosignature.");
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.InvalidResponse)
        {
            throw new WitnessException($"{witness.Key.Name} answered with something that isn't HTTP at {witness.Place}.");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new WitnessException($"{witness.Key.Name} can't be reached at {witness.Place} ({fault.GetBaseException().Message.TrimEnd('.')}).");
        }
    }

    private (NoteSignature Cosignature, DateTimeOffset At) CosignatureIn(string body, Witness witness, SignedNote note)
    {
        if (!SignedNote.TryRead($"{note.Text}\n{body}", out var answered) || answered.Text != note.Text)
        {
            throw new WitnessException($"{witness.Key.Name} answered with something that is no cosignature at {witness.Place}.");
        }

        foreach (var signature in answered.Signatures)
        {
            if (NoteSigner.CosignedAt(new SignedNote(note.Text, [signature]), witness.Key) is { } at)
            {
                return (at - clock.GetUtcNow()).Duration() <= ClockLimit
                    ? (signature, at)
                    : throw new WitnessException(string.Create(
                        CultureInfo.InvariantCulture, $"{witness.Key.Name} answered with a cosignature of {at:yyyy-MM-dd HH:mm} UTC: its clock or this machine's is wrong, or somebody between them sends old answers."));
            }
        }

        throw new WitnessException($"{witness.Key.Name} answered without a good cosignature by the key that Audit:Witnesses names for it.");
    }

    private static WitnessException Refused(Witness witness, HttpStatusCode status) => new(status switch
    {
        HttpStatusCode.NotFound => $"{witness.Key.Name} doesn't know this log, or its address isn't {witness.Place}: check it, and give its operator the log's public key.",
        HttpStatusCode.Forbidden => $"{witness.Key.Name} doesn't take the log's signature: its operator has another public key of the log than the one that signs.",
        HttpStatusCode.BadRequest => $"{witness.Key.Name} doesn't understand what is sent to {witness.Place}.",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => $"{witness.Key.Name} answered with a redirection at {witness.Place}, which isn't followed: name the address it leads to in Audit:Witnesses.",
        HttpStatusCode.Conflict => $"{witness.Key.Name} doesn't say clearly at {witness.Place} what it cosigned last.",
        _ => $"{witness.Key.Name} answered with status {(int)status} at {witness.Place}.",
    });

    private static long? SizeIn(string body) =>
        body.EndsWith('\n') && long.TryParse(body.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;
}
