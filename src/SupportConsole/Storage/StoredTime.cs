namespace SupportConsole.Storage;

/// <summary>Instants as the database keeps them: microseconds since 1970, UTC.</summary>
internal static class StoredTime
{
    /// <summary>The stored form; what is finer than a microsecond is cut off.</summary>
    public static long From(DateTimeOffset instant) =>
        (instant.UtcTicks / TimeSpan.TicksPerMicrosecond) - (DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>The instant of a stored form.</summary>
    public static DateTimeOffset ToInstant(long stored) =>
        DateTimeOffset.UnixEpoch.AddTicks(stored * TimeSpan.TicksPerMicrosecond);
}
