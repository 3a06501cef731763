namespace SupportConsole.Storage;

/// <summary>Instants as the database keeps them: microseconds since 1970, UTC.</summary>
internal static class StoredTime
{
    /// <summary>The stored form; what is finer than a microsecond is cut off.</summary>
    public static long From(DateTimeOffset instant) =>
        (instant.UtcTicks / TimeSpan.TicksPerMicrosecond) - (DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>The instant of a stored form; for a number that no instant has, the nearest one.</summary>
    public static DateTimeOffset ToInstant(long stored) =>
        DateTimeOffset.UnixEpoch.AddTicks(Math.Clamp(stored, From(DateTimeOffset.MinValue), From(DateTimeOffset.MaxValue)) * TimeSpan.TicksPerMicrosecond);
}
