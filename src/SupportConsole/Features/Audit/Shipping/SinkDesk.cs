using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>Tells how it stands with the sinks of the settings.</summary>
internal sealed class SinkDesk(IEnumerable<IEventSink> sinks, ConsoleDb db)
{
    /// <summary>Events after a sink's place that are looked through to count what waits for it.</summary>
    private const int Counted = 50_000;

    private readonly IEventSink[] _all = [.. sinks.Where(sink => sink.IsConfigured)];

    /// <summary>How it stands with each; none without any.</summary>
    /// <exception cref="DutyRefusedException">They may not read the trail.</exception>
    /// <exception cref="DatabaseUnreadableException">The database doesn't answer.</exception>
    public async Task<IReadOnlyList<SinkStanding>> StandingsAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        return _all.Length == 0 ? [] : await db.ReadAsync<IReadOnlyList<SinkStanding>>(
            connection =>
            {
                List<SinkStanding> standings = [];
                foreach (var sink in _all)
                {
                    if (SinkTable.Of(connection, sink.Name) is { } row)
                    {
                        var (_, newest) = TrailTable.Bounds(connection);
                        var to = Math.Min(newest, row.Position + Counted);
                        standings.Add(new SinkStanding(
                            sink.Label, row.Position, TrailTable.CountBetween(connection, row.Position, to, sink.Types), to < newest, row.Fault, row.Since));
                    }
                }

                return standings;
            },
            cancellationToken);
    }

    /// <summary>What is the matter with those that take nothing, a sentence each.</summary>
    /// <exception cref="DatabaseUnreadableException">The database doesn't answer.</exception>
    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken cancellationToken) => _all.Length == 0 ? [] : await db.ReadAsync<IReadOnlyList<string>>(
        connection => [.. from sink in _all let row = SinkTable.Of(connection, sink.Name) where row?.Fault is not null select SinkWords.Of(sink.Label, row)], cancellationToken);
}
