using SupportConsole.Core;

namespace SupportConsole.Features.Roles;

/// <summary>A rule stands against a change of roles; the message says which.</summary>
internal sealed class RoleChangeRefusedException(string message) : ExplainedException(message);
