using SupportConsole.Core;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>Somebody asked for what their roles don't carry.</summary>
public sealed class DutyRefusedException(Duty duty)
    : ExplainedException("Your role doesn't allow this, or it was taken away a moment ago. Nothing was done. A manager can grant the role.")
{
    /// <summary>The duty that was missing.</summary>
    public Duty Duty { get; } = duty;
}
