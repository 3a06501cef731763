using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Makes checkpoints: after a session's end at once, otherwise some minutes after there was something new, and as the last thing at the
/// stop; witnesses are asked to cosign them. At the start it verifies what came after the newest of them.
/// </summary>
internal sealed partial class CheckpointKeeper(
    AuditTrail trail, CheckpointDesk desk, Witnesses witnesses, Verification verification, ConsoleWriter writer, IOptions<AuditOptions> options,
    TimeProvider clock, ILogger<CheckpointKeeper> logger)
    : RecurringWork(TimeSpan.FromSeconds(1), clock)
{
    private const int TreePiece = 65_536;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private long _signed;
    private bool _hasFailed;
    private bool _isVerified;
    private string? _hindrance;
    private long _lastMade = clock.GetTimestamp();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(desk.MakeAsync, CancellationToken.None);
        await TryAsync(() => witnesses.AskLastAsync(desk.Newest()?.Size ?? 0), CancellationToken.None);
    }

    protected override async Task BeginAsync(CancellationToken cancellationToken)
    {
        // Events of a version that knew no tree: a piece at a time, so that others come in between.
        while (await writer.InTurnAsync(connection => trail.GrowTree(connection, TreePiece)))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        await witnesses.ForgetOthersAsync();
        _signed = desk.Newest()?.Size ?? 0;
    }

    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (!_isVerified)
        {
            _isVerified = true; // Once, beside all else: it may take a while, and whatever it finds keeps nothing from being recorded.
            await TryAsync(() => verification.RunAtStartAsync(cancellationToken), cancellationToken);
        }

        await TryAsync(MakeDueAsync, cancellationToken);
        _ = witnesses.AskAsync(_signed);
    }

    private async Task MakeDueAsync()
    {
        var isDue = trail.End > _signed && Clock.GetElapsedTime(_lastMade) >= TimeSpan.FromMinutes(options.Value.CheckpointMinutes);
        // What failed is tried again in a minute, not in a second.
        if (isDue || (_hasFailed ? Clock.GetElapsedTime(_lastMade) >= Patience : trail.LastSessionEnd > _signed))
        {
            (_lastMade, _hasFailed) = (Clock.GetTimestamp(), true);
            try
            {
                await desk.MakeAsync();
                _hasFailed = false;
                if (_hindrance is not null)
                {
                    _hindrance = null;
                    LogGoesOn();
                }
            }
            catch (ExplainedException fault) when (fault.Message == _hindrance)
            {
                // Said once; until it is over, the audit page and readiness say it.
            }
            catch (ExplainedException fault)
            {
                _hindrance = fault.Message;
                throw;
            }
            finally
            {
                _signed = desk.Newest()?.Size ?? 0;
            }
        }
    }

    [LoggerMessage(EventId = 3011, Level = LogLevel.Error, Message = "The audit log's checkpoint couldn't be made or published; trying again")]
    protected override partial void LogFailed(Exception failure);

    [LoggerMessage(EventId = 3019, Level = LogLevel.Warning, Message = "The audit log's checkpoints are signed and published again")]
    private partial void LogGoesOn();
}
