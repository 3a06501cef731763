using System.Diagnostics.CodeAnalysis;

namespace SupportConsole.Core.Users;

/// <summary>The names that PocketBase gives to collections and fields.</summary>
public static class PocketBaseName
{
    /// <summary>The collection of PocketBase's own administrators, which is never viewed as.</summary>
    public const string Superusers = "_superusers";

    // Derived by PocketBase from type and name, and so the same on every server.
    private const string SuperusersId = "pbc_3142635823";

    /// <summary>Whether the text can be a collection's name or id, or a field's name: ASCII letters, digits, <c>_</c> and <c>-</c>.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 255 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>Whether it means <see cref="Superusers"/>: by name, which PocketBase takes in any case, or by id.</summary>
    public static bool IsSuperusers([NotNullWhen(true)] string? collection) =>
        string.Equals(collection, Superusers, StringComparison.OrdinalIgnoreCase) || collection == SuperusersId;
}
