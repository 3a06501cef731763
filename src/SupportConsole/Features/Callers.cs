using SupportConsole.Core.Staff;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features;

/// <summary>How every feature names the person on whose behalf PocketBase is asked, so that they are the same one in its request log.</summary>
internal static class Callers
{
    /// <summary>A member of staff, and the view-as session where there is one.</summary>
    public static Caller CallerFor(this KeyedHash hash, StaffId staff, string? session = null) => new(hash.Of("actor", staff.Value), session);
}
