using Microsoft.AspNetCore.Authorization;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>Closes a page to everybody whose roles don't carry the duty.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute : AuthorizeAttribute
{
    /// <summary>Names the duty.</summary>
    public RequiresAttribute(Duty duty)
        : base(DutyPolicies.For(duty)) => Duty = duty;

    /// <summary>The duty that opens the page.</summary>
    public Duty Duty { get; }
}
