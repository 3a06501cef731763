using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Features.Audit.Proving;

namespace SupportConsole.Hosting;

/// <summary>A checkpoint that can't be signed or published keeps nobody from working; but until it can, nobody outside knows what the trail is.</summary>
internal sealed class CheckpointHealth(CheckpointDesk checkpoints, TimeProvider clock) : SharedCheck(clock)
{
    protected override Task<HealthCheckResult> LookAsync() =>
        Task.FromResult(checkpoints.Hindrance is { } hindrance ? HealthCheckResult.Degraded(hindrance) : HealthCheckResult.Healthy());
}
