namespace SupportConsole.Core.Staff;

/// <summary>
/// Who a staff member is, for ever: the sign-in provider's tenant and object id as <c>tenant/object</c>
/// (<c>demo/mia-chen</c> in the demo). Names and e-mail addresses change hands; this doesn't.
/// </summary>
/// <param name="Value">The identifier as stored and as written to the audit trail.</param>
public readonly record struct StaffId(string Value)
{
    /// <summary>The console itself, as actor of what no person did (an expiry, a start).</summary>
    public static StaffId System { get; } = new("system");

    /// <inheritdoc />
    public override string ToString() => Value ?? "";
}
