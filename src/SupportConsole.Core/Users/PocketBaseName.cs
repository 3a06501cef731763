using System.Diagnostics.CodeAnalysis;

namespace SupportConsole.Core.Users;

/// <summary>The names that PocketBase gives to collections and fields.</summary>
public static class PocketBaseName
{
    /// <summary>The collection of PocketBase's own administrators, which is never viewed as.</summary>
    public const string Superusers = "_superusers";

    /// <summary>Whether the text can be a collection's name or id, or a field's name: ASCII letters, digits, <c>_</c> and <c>-</c>.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 255 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
