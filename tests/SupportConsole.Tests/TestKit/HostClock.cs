using Microsoft.Extensions.Time.Testing;

namespace SupportConsole.Tests.TestKit;

/// <summary>A clock as a host has it: somebody can set the time of day, while timers and timestamps go on as before.</summary>
internal sealed class HostClock() : FakeTimeProvider(TimeProvider.System.GetUtcNow())
{
    /// <summary>By how much the time of day was set; negative for back.</summary>
    public TimeSpan SetBy { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + SetBy;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
